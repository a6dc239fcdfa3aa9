#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::HasSubstr;

struct BookingsTest : House {
    Answer create(const std::string& body, const std::string& headers = "") {
        return ask_public("POST", "/api/bookings", body, headers);
    }
};

TEST_F(BookingsTest, CreationAnswersIdStateLinksAndPage) {
    const Answer answer = create(booking_body);
    EXPECT_EQ(answer.status, 201);
    const auto data = data_of(answer);
    const auto id = std::string(data.at("id").as_string());
    EXPECT_TRUE(engine::parse_workflow_id(id));
    EXPECT_EQ(data.at("state"), "INITIATED");
    for (const auto* link : {"scheduling", "checkout", "meeting"}) EXPECT_TRUE(data.at("links").as_object().at(link).is_null());
    EXPECT_THAT(std::string(data.at("page").as_string()), testing::StartsWith("http://book.test/b/" + id + "?key="));
    EXPECT_EQ(answer.header("Location"), "/api/bookings/" + id);
}

TEST_F(BookingsTest, TheEventCarriesWhatTheDefinitionNeeds) {
    create(R"({"session_type":"coaching-60","invitee":{"name":"Ann","email":"a@b.c"},"metadata":{"k":[1]}})");
    change([](auto& all) {
        ASSERT_EQ(all.events.size(), 1u);
        const auto& event = all.events.front();
        EXPECT_EQ(event.source, "api");
        EXPECT_EQ(event.type, "booking.requested");
        const auto payload = *parse_object(event.payload);
        EXPECT_EQ(payload.at("session_type"), "coaching-60");
        EXPECT_EQ(payload.at("terms").as_object().at("price"), 12000);
        EXPECT_EQ(payload.at("invitee").as_object().at("email"), "a@b.c");
        EXPECT_EQ(payload.at("metadata"), (json::object{{"k", json::array{1}}}));
        EXPECT_EQ(payload.at("page_key").as_string().size(), 32u);
    });
}

TEST_F(BookingsTest, BadBodiesAreRefusedFieldByField) {
    EXPECT_EQ(code_of(create("nonsense")), "malformed");
    EXPECT_EQ(code_of(create("")), "malformed");
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({})", "session_type"},
        {R"({"session_type":"coaching-60"})", "invitee"},
        {R"({"session_type":7,"invitee":{"name":"A","email":"a@b.c"}})", "session_type"},
        {R"({"session_type":"coaching-60","invitee":{"email":"a@b.c"}})", "invitee.name"},
        {R"({"session_type":"coaching-60","invitee":{"name":" ","email":"a@b.c"}})", "invitee.name"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A\u0007","email":"a@b.c"}})", "invitee.name"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A"}})", "invitee.email"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"nobody"}})", "invitee.email"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"a@b c"}})", "invitee.email"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"a@b.c","phone":"1"}})", "invitee.phone"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"a@b.c"},"metadata":[]})", "metadata"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"a@b.c"},"metdata":{}})", "metdata"},
        {R"({"session_type":"coaching-60","invitee":{"name":")" + std::string(201, 'x') + R"(","email":"a@b.c"}})",
         "invitee.name"},
        {R"({"session_type":"coaching-60","invitee":{"name":"A","email":"a@b.c"},"metadata":{"x":")" + std::string(5000, 'x') +
             R"("}})",
         "metadata"},
    };
    for (const auto& [body, field] : cases) {
        const Answer answer = create(body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(code_of(answer), "invalid_request") << body;
        EXPECT_THAT(answer.body, HasSubstr("\"field\":\"" + field + "\"")) << body;
    }
    EXPECT_EQ(code_of(create(R"({"session_type":"none","invitee":{"name":"A","email":"a@b.c"}})")), "unknown_session_type");
    change([](auto& all) { EXPECT_TRUE(all.workflows.empty()); });
}

TEST_F(BookingsTest, SameKeyAndBodyIsTheSameBooking) {
    const auto first = book("Idempotency-Key: k1\r\n");
    // Equal as JSON: order and spaces do not matter.
    const Answer again = create(R"( {"invitee":{"email":"ann@example.org", "name":"Ann Poe"}, "session_type":"coaching-60"} )",
                                "Idempotency-Key: k1\r\n");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(data_of(again).at("id"), first.at("id"));
    EXPECT_EQ(data_of(again).at("page"), first.at("page"));
    change([](auto& all) { EXPECT_EQ(all.workflows.size(), 1u); });
}

TEST_F(BookingsTest, SameKeyWithAnotherBodyIsAConflict) {
    book("Idempotency-Key: k1\r\n");
    const Answer other =
        create(R"({"session_type":"coaching-60","invitee":{"name":"Bob","email":"ann@example.org"}})", "Idempotency-Key: k1\r\n");
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(code_of(other), "idempotency_conflict");
    EXPECT_EQ(create(booking_body, "Idempotency-Key: k2\r\n").status, 201);
}

TEST_F(BookingsTest, WithoutAKeyEveryRequestIsABooking) { EXPECT_NE(book().at("id"), book().at("id")); }

TEST_F(BookingsTest, UnusableKeysAreRefused) {
    EXPECT_EQ(create(booking_body, "Idempotency-Key: \r\n").status, 400);
    EXPECT_EQ(create(booking_body, "Idempotency-Key: a b\r\n").status, 400);
    EXPECT_EQ(create(booking_body, "Idempotency-Key: " + std::string(256, 'k') + "\r\n").status, 400);
    EXPECT_EQ(create(booking_body, "Idempotency-Key: " + std::string(255, 'k') + "\r\n").status, 201);
}

TEST_F(BookingsTest, OverloadAndOutageAre503) {
    change([](auto& all) { all.queue_full = true; });
    EXPECT_EQ(create(booking_body).status, 503);
    change([](auto& all) { all.queue_full = false, all.database_away = true; });
    EXPECT_EQ(create(booking_body).status, 503);
    const Answer read = get("/api/bookings/01930000-0000-7000-8000-000000000001");
    EXPECT_EQ(read.status, 503);
    EXPECT_FALSE(read.header("Retry-After").empty());
}

TEST_F(BookingsTest, ReadingShowsLinksTimesAndMoney) {
    put("CONFIRMED",
        R"({"terms":{"name":"Coaching","price":12000,"currency":"usd"},"page_key":"secret","invitee":{"email":"ann@example.org"},
        "link":{"url":"https://calendly.test/x?utm_source=appointd&utm_content=b1&name=Ann%20Poe&email=ann%40example.org"},"checkout":{"url":null},"slot":{"start":"2026-12-01T09:00:00Z","end":"2026-12-01T10:00:00Z",
        "timezone":"Europe/Berlin"},"money":{"currency":"usd","captured":12000,"refunded":0,"refunding":0,"kept":0,"lost":0},
        "meeting":{"id":"1","phase":"live","join_url":"https://zoom.test/j/1"}})");
    const Answer answer = get("/api/bookings/01930000-0000-7000-8000-000000000001");
    EXPECT_EQ(answer.status, 200);
    const auto data = data_of(answer);
    EXPECT_EQ(data.at("state"), "CONFIRMED");
    const auto& links = data.at("links").as_object();
    EXPECT_EQ(links.at("scheduling"), "https://calendly.test/x?utm_source=appointd&utm_content=b1") << "an id is no secret";
    EXPECT_TRUE(links.at("checkout").is_null());
    EXPECT_EQ(links.at("meeting"), "https://zoom.test/j/1");
    EXPECT_EQ(data.at("slot").as_object().at("start"), "2026-12-01T09:00:00Z");
    EXPECT_EQ(data.at("money").as_object().at("captured"), 12000);
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("secret")));
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("Ann")));
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("example.org")));
    for (const auto* key : {"?key=guess", "?key="})
        EXPECT_EQ(get(std::string("/api/bookings/01930000-0000-7000-8000-000000000001") + key).body, answer.body);
    const Answer own = get("/api/bookings/01930000-0000-7000-8000-000000000001?key=secret");
    EXPECT_THAT(own.body, HasSubstr("email=ann%40example.org"));
}

TEST_F(BookingsTest, UnknownBookingsAre404) {
    EXPECT_EQ(get("/api/bookings/01930000-0000-7000-8000-00000000000f").status, 404);
    EXPECT_EQ(get("/api/bookings/nonsense").status, 404);
    EXPECT_EQ(get("/api/bookings/%zz").status, 404);
    EXPECT_EQ(get("/api/bookings/").status, 404);
    const Answer wrong = ask_public("DELETE", "/api/bookings/01930000-0000-7000-8000-000000000001");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("Allow"), "GET, HEAD");
}

TEST_F(BookingsTest, ReaderIsOpenedAnewAfterAFailure) {
    get("/api/bookings/01930000-0000-7000-8000-000000000001");
    change([](auto& all) { all.database_away = true; });
    EXPECT_EQ(get("/api/bookings/01930000-0000-7000-8000-000000000001").status, 503);
    EXPECT_EQ(get("/api/bookings/01930000-0000-7000-8000-000000000001").status, 503);
    change([](auto& all) { all.database_away = false; });
    EXPECT_EQ(get("/api/bookings/01930000-0000-7000-8000-000000000001").status, 404);
}

Settings with_api_token() {
    Settings settings;
    settings.api_token = "api-secret";
    return settings;
}

struct GuardedBookingsTest : House {
    GuardedBookingsTest() : House(with_api_token()) {}
};

TEST_F(GuardedBookingsTest, TokenIsRequiredWhereOneIsSet) {
    EXPECT_EQ(ask_public("POST", "/api/bookings", booking_body).status, 401);
    EXPECT_EQ(ask_public("POST", "/api/bookings", booking_body, "Authorization: Bearer wrong\r\n").status, 401);
    const auto data = book("Authorization: bearer api-secret\r\n");
    const auto path = "/api/bookings/" + std::string(data.at("id").as_string());
    const Answer refused = get(path);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(ask_public("GET", path, "", "Authorization: Bearer api-secret\r\n").status, 200);
    // The customer's page has a key of its own.
    const auto page = std::string(data.at("page").as_string());
    EXPECT_EQ(get(page.substr(std::string("http://book.test").size())).status, 200);
}

} // namespace
} // namespace appointd::http
