// Outgoing webhooks against the verifier that anybody would install: the npm package standardwebhooks.
#include "tests/e2e/daemon/customer.hpp"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include <fstream>
#include <mutex>
#include <set>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;

const std::string old_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string new_secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD8Q5nZ0hXy3c=";
const std::string strange_secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A program that listens: keeps what it got, and refuses as often as it was told to.
class Listener {
public:
    std::vector<net::Request> got() {
        const std::lock_guard lock(mutex_);
        return got_;
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        got_.clear();
    }
    void refuse(int times) {
        const std::lock_guard lock(mutex_);
        refusals_ = times;
    }
    std::string url() const { return server_.url() + "/hooks"; }

private:
    boost::asio::awaitable<net::Response> answer(net::Request request) {
        net::Response response;
        {
            const std::lock_guard lock(mutex_);
            got_.push_back(std::move(request));
            if (refusals_ > 0) response.status = 500, --refusals_;
        }
        co_return response;
    }

    std::mutex mutex_;
    std::vector<net::Request> got_;
    int refusals_ = 0;
    testing_support::Loop loop_;
    testing_support::LoopbackServer server_{loop_, {}, [this](net::Request request) { return answer(std::move(request)); }};
};

class OutgoingWebhooks : public testing::Test {
protected:
    Fields listening(const std::string& secrets) {
        return {{"APPOINTD_WEBHOOK_ENDPOINTS",
                 "[[webhook_endpoint]]\nname = \"crm\"\nurl = \"" + listener.url() + "\"\nsecrets = [" + secrets + "]\n"}};
    }
    demo::Setup with(const std::string& secrets) {
        demo::Setup setup;
        for (const auto& [name, value] : listening(secrets)) setup.environment[name] = value;
        return setup;
    }
    static std::string header(const net::Request& request, std::string_view name) {
        return std::string(net::find_header(request.headers, name).value_or(""));
    }
    /// What the verifier makes of them with this secret: the body, or {"refused"}.
    std::vector<json::object> verify(const std::vector<net::Request>& requests, const std::string& secret) {
        json::array recorded;
        for (const net::Request& request : requests) {
            json::object headers;
            for (const auto* name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
                headers[name] = header(request, name);
            recorded.push_back({{"headers", std::move(headers)}, {"body", request.body}});
        }
        const std::string file = (stage.directory() / "webhooks.json").string(),
                          output = (stage.directory() / "verified").string();
        std::ofstream(file) << json::serialize(recorded);
        std::filesystem::remove(output);
        Child verifier({"/usr/bin/env", "node", APPOINTD_SOURCE "/tests/e2e/notify/verifier/verify.mjs", secret, file},
                       {{"PATH", "/usr/local/bin:/usr/bin:/bin"}}, output);
        EXPECT_EQ(verifier.wait(60s), 0) << verifier.tail() << "\nscripts/bootstrap installs the verifier";
        std::vector<json::object> bodies;
        std::ifstream lines(output);
        for (std::string line; std::getline(lines, line);)
            if (auto body = parse_object(line)) bodies.push_back(*std::move(body));
        EXPECT_EQ(bodies.size(), requests.size());
        return bodies;
    }
    static std::vector<std::string> types(const std::vector<json::object>& bodies) {
        std::vector<std::string> all;
        for (const json::object& body : bodies)
            all.push_back(body.contains("refused") ? "refused" : text_field(body, "type").value_or("none"));
        return all;
    }
    bool heard(std::size_t count) {
        return stage.eventually([&] { return listener.got().size() >= count; }, 60s);
    }
    /// As a receiver does that wants them in order.
    static std::vector<json::object> in_order(std::vector<json::object> bodies) {
        std::ranges::sort(
            bodies, {}, [](const json::object& body) { return int_field(Customer::part(body, "data"), "sequence").value_or(0); });
        return bodies;
    }

    Listener listener;
    Stage stage{"sqlite", quick_pace(), {}, with("\"" + new_secret + "\", \"" + old_secret + "\"")};
};

TEST_F(OutgoingWebhooks, VerifyWhileASecretIsRotatedAndAfter) {
    stage.daemon().start();
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ASSERT_TRUE(heard(4));
    const auto first = listener.got();
    for (const std::string& secret : {old_secret, new_secret})
        EXPECT_THAT(types(in_order(verify(first, secret))),
                    ElementsAre("booking.initiated", "booking.scheduled", "booking.payment_pending", "booking.confirmed"));
    EXPECT_THAT(types(verify(first, strange_secret)), Each(std::string("refused")));
    auto tampered = first;
    for (net::Request& request : tampered) request.body.replace(request.body.find("booking."), 8, "bookinG.");
    EXPECT_THAT(types(verify(tampered, new_secret)), Each(std::string("refused")));

    // The old secret is taken out: the booking that lives goes on with the new one alone.
    ASSERT_EQ(stage.daemon().terminate(), 0);
    stage.daemon().reconfigure(listening("\"" + new_secret + "\""));
    listener.forget();
    stage.daemon().start();
    ASSERT_EQ(ann.operate("operator.cancel", {{"refund", "full"}}), 200);
    ann.await_state("REFUNDED");
    ASSERT_TRUE(heard(2));
    EXPECT_THAT(types(in_order(verify(listener.got(), new_secret))), ElementsAre("booking.canceled", "booking.refunded"));
    EXPECT_THAT(types(verify(listener.got(), old_secret)), Each(std::string("refused")));
}

TEST_F(OutgoingWebhooks, ARefusedOneComesAgainUnderItsOwnId) {
    listener.refuse(3);
    stage.daemon().start();
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    const auto count = [&] {
        std::multiset<std::string> ids;
        for (const net::Request& request : listener.got()) ids.insert(header(request, "webhook-id"));
        return ids;
    };
    // Three events, three refusals: six deliveries under three ids.
    ASSERT_TRUE(heard(6));
    const auto ids = count();
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 3u);
    EXPECT_THAT(types(verify(listener.got(), old_secret)), Contains("booking.payment_pending"));
    ann.await_quiet();
    EXPECT_EQ(listener.got().size(), 6u) << "what was taken does not come again";
}

} // namespace
} // namespace appointd::e2e
