// The booking API as outside programs meet it: the same request is the same booking, and what is wrong is said clearly.
#include "tests/e2e/daemon/rules.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::e2e {
namespace {

using testing::HasSubstr;

class ApiRules : public Rules {
protected:
    net::ClientResponse create(const std::string& body, net::Headers headers = {}) {
        net::ClientRequest request;
        request.method = "POST";
        request.url = stage.places().public_url + "/api/bookings";
        request.headers = std::move(headers);
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body;
        return stage.send(std::move(request));
    }
    static std::string id_in(const net::ClientResponse& response) {
        return text_field(demo::data_of(response).value_or(json::object()), "id").value_or("");
    }
};
APPOINTD_ON_BOTH_STORES(ApiRules);

TEST_P(ApiRules, SameIdempotencyKeyIsTheSameBookingOnlyForABodyThatIsEqualAsJson) {
    const auto first = create(R"({"session_type":"tiers","invitee":{"name":"Ann","email":"ann@example.org"},"metadata":{"a":1}})",
                              {{"Idempotency-Key", "one-key"}});
    EXPECT_EQ(first.status, 201);
    const auto same =
        create(R"({ "metadata":{"a":1}, "invitee":{"email":"ann@example.org","name":"\u0041nn"},"session_type":"tiers" })",
               {{"Idempotency-Key", "one-key"}});
    EXPECT_EQ(same.status, 201);
    EXPECT_EQ(id_in(same), id_in(first));
    const auto other = create(R"({"session_type":"tiers","invitee":{"name":"Ann","email":"ann@example.org"},"metadata":{"a":2}})",
                              {{"Idempotency-Key", "one-key"}});
    EXPECT_EQ(other.status, 409);
    EXPECT_THAT(other.body, HasSubstr("idempotency_conflict"));
    EXPECT_EQ(count_of_workflows(), 1U);
}

TEST_P(ApiRules, SameKeyAfterTheBookingMovedOnAnswersItAsItStandsNow) {
    const std::string body = R"({"session_type":"intro-15","invitee":{"name":"Ann","email":"ann@example.org"}})";
    const auto first = create(body, {{"Idempotency-Key", "k"}});
    Customer ann(stage, "intro-15");
    ann.adopt(id_in(first));
    EXPECT_EQ(ann.operate("operator.cancel"), 200);
    const auto later = create(body, {{"Idempotency-Key", "k"}});
    EXPECT_EQ(id_in(later), ann.id());
    EXPECT_EQ(text_field(demo::data_of(later).value(), "state"), "CANCELED");
}

TEST_P(ApiRules, BadInputIsAClear4xxAndMakesNoBooking) {
    const struct {
        const char* body;
        const char* code;
        const char* field;
    } cases[] = {
        {"", "malformed", ""},
        {"{", "malformed", ""},
        {"[]", "malformed", ""},
        {"\"text\"", "malformed", ""},
        {"{\"session_type\":\"\xff\"}", "malformed", ""},
        {R"({})", "invalid_request", "session_type"},
        {R"({"session_type":"nothing-like-it","invitee":{"name":"Ann","email":"ann@example.org"}})", "unknown_session_type", ""},
        {R"({"session_type":"tiers"})", "invalid_request", "invitee"},
        {R"({"session_type":"tiers","invitee":[]})", "invalid_request", "invitee"},
        {R"({"session_type":"tiers","invitee":{"name":"","email":"ann@example.org"}})", "invalid_request", "invitee.name"},
        {R"({"session_type":"tiers","invitee":{"name":"Ann"}})", "invalid_request", "invitee.email"},
        {R"({"session_type":"tiers","invitee":{"name":"Ann","email":"nobody"}})", "invalid_request", "invitee.email"},
        {R"({"session_type":"tiers","invitee":{"name":"Ann","email":"ann@example.org\nBcc: x@example.org"}})", "invalid_request",
         "invitee.email"},
        {R"({"session_type":7,"invitee":{"name":"Ann","email":"ann@example.org"}})", "invalid_request", "session_type"},
        {R"({"session_type":"tiers","invitee":{"name":"Ann","email":"ann@example.org"},"price":1})", "invalid_request", "price"},
        {R"({"session_type":"tiers","invitee":{"name":"Ann","email":"ann@example.org"},"metadata":"x"})", "invalid_request",
         "metadata"},
    };
    for (const auto& one : cases) {
        const auto answer = create(one.body);
        EXPECT_EQ(answer.status, 400) << one.body << " " << answer.body;
        EXPECT_THAT(answer.body, HasSubstr(one.code)) << one.body;
        EXPECT_THAT(answer.body, HasSubstr(one.field)) << one.body;
    }
    const std::string long_name(5000, 'n');
    EXPECT_EQ(create(R"({"session_type":"tiers","invitee":{"name":")" + long_name + R"(","email":"ann@example.org"}})").status,
              400);
    EXPECT_EQ(create(std::string(3 * 1024 * 1024, ' ')).status, 413);
    EXPECT_EQ(stage.get(stage.places().public_url + "/api/bookings").status, 405);
    EXPECT_EQ(stage.get(stage.places().public_url + "/api/bookings/not-an-id").status, 404);
    EXPECT_EQ(stage.get(stage.places().public_url + "/api/bookings/019aaaaa-0000-7000-8000-000000000000").status, 404);
    EXPECT_EQ(count_of_workflows(), 0U);
}

TEST_P(ApiRules, ConfigurationChangeTouchesNoLivingBooking) {
    Customer ann(stage, "tiers");
    ann.reach_checkout();
    const json::object terms = Customer::part(ann.data(), "terms");
    EXPECT_EQ(int_field(terms, "price"), 5000);
    EXPECT_EQ(stage.daemon().terminate(), 0);
    stage.daemon().reconfigure([](demo::Setup& setup) {
        const std::string was = "id = \"tiers\"";
        setup.toml.replace(setup.toml.find("price = 5000", setup.toml.find(was)), 12, "price = 9900");
    });
    stage.daemon().start();
    Customer bela(stage, "tiers", "bela@example.org");
    bela.reach_checkout();
    EXPECT_EQ(int_field(Customer::part(bela.data(), "terms"), "price"), 9900);
    EXPECT_EQ(Customer::part(ann.data(), "terms"), terms);
    ann.pay(); // at the price of then
    ann.await_state("CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 5000);
}

} // namespace
} // namespace appointd::e2e
