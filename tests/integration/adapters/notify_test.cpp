#include "tests/integration/adapters/fixture.hpp"

#include "adapters/notify/webhook_signature.hpp"
#include "sandbox/mail/mailbox.hpp"
#include "sandbox/mail/smtp_server.hpp"
#include "tests/support/loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <thread>

namespace appointd::adapters::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string key_a(32, 'a'), key_b(32, 'b');

json::object usual_mail() {
    return {
        {"booking", booking_id},
        {"about", "confirmed"},
        {"to", "invitee"},
        {"email", "ann@example.net"},
        {"name", "Ann Poe"},
        {"session", "Coaching, 60 minutes"},
        {"state", "CONFIRMED"},
        {"slot", {{"start", "2026-12-01T09:00:00Z"}, {"end", "2026-12-01T10:00:00Z"}, {"timezone", "Europe/Berlin"}}},
        {"links",
         {{"page", "http://127.0.0.1:8080/b/x"},
          {"pay", nullptr},
          {"join", "https://zoom.us/j/850"},
          {"cancel", nullptr},
          {"reschedule", nullptr}}},
        {"money", {{"currency", "usd"}, {"price", 12000}, {"captured", 12000}, {"refunded", 0}, {"refunding", 0}, {"kept", 0}}},
        {"until", "2026-12-01T10:00:00Z"},
        {"calendar", {{"method", "REQUEST"}, {"sequence", 2}}}};
}

/// Takes one connection and answers every line of the client as `says` would.
class PuppetRelay {
public:
    using Says = std::function<std::string(std::string_view line)>;
    explicit PuppetRelay(Says says) : says_(std::move(says)), thread_([this] { answer(); }) {}
    ~PuppetRelay() { thread_.join(); }
    PuppetRelay(const PuppetRelay&) = delete;
    PuppetRelay& operator=(const PuppetRelay&) = delete;
    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

private:
    void answer() {
        boost::system::error_code gone;
        auto socket = acceptor_.accept();
        asio::write(socket, asio::buffer(std::string("220 relay\r\n")), gone);
        std::string text;
        while (const auto length = asio::read_until(socket, asio::dynamic_buffer(text), "\r\n", gone)) {
            asio::write(socket, asio::buffer(says_(std::string_view(text).substr(0, length - 2)) + "\r\n"), gone);
            text.erase(0, length);
        }
    }

    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    Says says_;
    std::thread thread_;
};

/// Refuses its recipient in German, and in Latin-1, as relays may.
std::string in_latin_1(std::string_view line) {
    return line.starts_with("RCPT") ? "550 Empf\xe4nger <ann@example.net> unbekannt" : "250 ok";
}

/// Knows no password, and repeats what it was told.
std::string repeating(std::string_view line) {
    if (line.starts_with("EHLO")) return "250-relay\r\n250 AUTH DIGEST-MD5 NTLM PLAIN";
    if (line == "AUTH PLAIN") return "334 ";
    if (line.starts_with("QUIT")) return "221 bye";
    return "535-5.7.8 not accepted: " + std::string(line) +
           " (me@example.org, hush-hush)\r\n535 5.7.8 see https://support.example.org";
}

} // namespace

/// The activities against a relay and a listener of this machine, both of which misbehave on demand.
class NotifyTest : public testing::Test {
protected:
    NotifyTest() {
        loop.run([&] {
            const auto executor = loop.executor();
            relay = std::move(sandbox::mail::SmtpServer::listen(
                                  executor, "127.0.0.1:0", faults,
                                  [this](std::string from, std::vector<std::string> to, std::string message) {
                                      raw.push_back(message);
                                      mailbox.put(std::move(from), std::move(to), std::move(message), clock.now());
                                  },
                                  Log()))
                        .value();
            relay->start();
            http = net::HttpClient::make(executor, {});
            activities = activities_with("smtp://127.0.0.1:" + std::to_string(relay->port()));
        });
    }
    ~NotifyTest() override {
        loop.run([&] {
            activities.reset();
            http.reset();
            relay.reset();
        });
    }

    /// In the loop.
    std::unique_ptr<Activities> activities_with(std::string relay_url, std::string user = {}, std::string password = {}) {
        ActivitiesConfig config;
        config.notify.mail = notify::MailConfig{
            .relay = {.url = std::move(relay_url),
                      .user = std::move(user),
                      .password = std::move(password),
                      .starttls = false,
                      .ca_file = {}},
            .from = {"Studio", "desk@example.org"},
            .operator_address = "operator@example.org",
            .templates = std::make_shared<const notify::Templates>(notify::Templates::load(std::nullopt).value())};
        config.notify.endpoints = {{"crm", server.url() + "/hooks", {key_a, key_b}}};
        return std::make_unique<Activities>(
            loop.executor(), *http, clock, random, config, [](std::string_view) { return std::nullopt; }, Log());
    }

    std::future<engine::AttemptResult> begin(std::string kind, const json::object& request, int tries = 0) {
        engine::Attempt attempt;
        attempt.id = {*engine::parse_workflow_id(booking_id), 7, 0};
        attempt.kind = std::move(kind);
        attempt.tries = tries;
        attempt.now = attempt.created_at = clock.now();
        attempt.request = json::serialize(request);
        attempt.deadline = clock.monotonic() + deadline;
        auto promise = std::make_shared<std::promise<engine::AttemptResult>>();
        auto future = promise->get_future();
        loop.run([&] {
            activities->start(std::move(attempt),
                              [promise](engine::AttemptResult result) { promise->set_value(std::move(result)); });
        });
        return future;
    }
    engine::AttemptResult carry_out(std::string kind, const json::object& request, int tries = 0) {
        return begin(std::move(kind), request, tries).get();
    }
    engine::AttemptResult mail() { return carry_out("mail.send", usual_mail()); }
    engine::AttemptResult webhook(int tries = 0) {
        return carry_out("webhook.send",
                         {{"booking", booking_id}, {"endpoint", "crm"}, {"type", "booking.confirmed"}, {"body", R"({"a":1})"}},
                         tries);
    }
    void misbehave(sandbox::FaultKind kind, std::string route = "DATA", int status = 500) {
        faults.add({.kind = kind, .provider = sandbox::Provider::mail, .route = std::move(route), .count = 1, .status = status});
    }
    json::object letter(std::size_t place) { return mailbox.list("", "").at(place).as_object(); }

    TestClock clock;
    TestRandom random;
    sandbox::Faults faults{1};
    sandbox::mail::Mailbox mailbox;
    std::vector<std::string> raw;
    std::vector<net::Request> called;
    net::Response answer;
    std::chrono::milliseconds deadline{5'000};
    testing_support::Loop loop;
    testing_support::LoopbackServer server{loop, {}, [this](net::Request request) -> asio::awaitable<net::Response> {
                                               called.push_back(request);
                                               net::Response given = answer;
                                               co_return given;
                                           }};
    std::unique_ptr<sandbox::mail::SmtpServer> relay;
    std::unique_ptr<net::HttpClient> http;
    std::unique_ptr<Activities> activities;
};

TEST_F(NotifyTest, MailThenItArrivesAsAnotherProgramReadsIt) {
    const auto result = mail();
    ASSERT_EQ(result.kind, Kind::succeeded) << result.code << " " << result.message;
    const json::object got = letter(0);
    EXPECT_EQ(got.at("faults").as_array().size(), 0u) << json::serialize(got.at("faults"));
    EXPECT_EQ(json::serialize(got.at("to")), R"(["ann@example.net"])");
    EXPECT_EQ(text_field(got, "booking"), booking_id);
    EXPECT_EQ(text_field(got, "subject"),
              "Confirmed: Coaching, 60 minutes, Tuesday, 1 December 2026, 10:00 to 11:00 (CET, Europe/Berlin)");
    EXPECT_THAT(std::string(got.at("text").as_string()), HasSubstr("https://zoom.us/j/850"));
    EXPECT_EQ(text_field(got, "calendar_method"), "REQUEST");
    EXPECT_THAT(std::string(got.at("calendar").as_string()), HasSubstr("SEQUENCE:2"));
}

TEST_F(NotifyTest, ALostAnswerThenTheSameBytesGoAgain) {
    misbehave(sandbox::FaultKind::lost_answer);
    const auto lost = mail();
    EXPECT_EQ(lost.kind, Kind::retry);
    EXPECT_EQ(lost.code, "mail_no_answer");
    EXPECT_EQ(mail().kind, Kind::succeeded);
    ASSERT_EQ(raw.size(), 2u);
    EXPECT_EQ(raw[0], raw[1]);
}

TEST_F(NotifyTest, RelaysRefusalsThenForGoodOrForNow) {
    misbehave(sandbox::FaultKind::rate_limited);
    EXPECT_EQ(mail().code, "mail_450");
    misbehave(sandbox::FaultKind::error_before, "DATA", 451);
    EXPECT_EQ(mail().kind, Kind::retry);
    misbehave(sandbox::FaultKind::error_before, "RCPT", 550);
    const auto unknown = mail();
    EXPECT_EQ(unknown.kind, Kind::failed);
    EXPECT_EQ(unknown.code, "mail_550");
    misbehave(sandbox::FaultKind::error_before, "DATA", 554);
    EXPECT_EQ(mail().kind, Kind::failed);
    EXPECT_TRUE(raw.empty());
    EXPECT_EQ(mail().kind, Kind::succeeded) << "the connection is good again after a refusal";
}

TEST_F(NotifyTest, ARelayThatSpeaksLatin1ThenItsWordsAreKeptAsUtf8WithoutTheAddress) {
    PuppetRelay latin(in_latin_1);
    loop.run([&] { activities = activities_with(latin.url()); });
    const auto refused = mail();
    EXPECT_EQ(refused.code, "mail_550");
    EXPECT_THAT(refused.message, HasSubstr("Empf?nger"));
    EXPECT_THAT(refused.message, Not(HasSubstr("ann@example.net")));
}

TEST_F(NotifyTest, ARelayThatRepeatsThePasswordThenItIsNotInTheMessage) {
    PuppetRelay relay_that_repeats(repeating);
    loop.run([&] { activities = activities_with(relay_that_repeats.url(), "me@example.org", "hush-hush"); });
    const auto refused = mail();
    EXPECT_EQ(refused.code, "mail_535");
    EXPECT_EQ(refused.kind, Kind::retry);
    EXPECT_FALSE(refused.provider_ok) << "who goes on knocking is locked out: the lane rests";
    EXPECT_EQ(refused.message, "the relay refuses us; look at mail.user and mail.password: 535-5.7.8 not accepted: *** … ***) "
                               "5.7.8 see https://support.example.org");
    loop.run([&] { activities.reset(); });
}

TEST_F(NotifyTest, NoRelayThenItWaitsAndNothingCounts) {
    loop.run([&] { relay->stop(); });
    const auto result = mail();
    EXPECT_EQ(result.kind, Kind::wait);
    EXPECT_EQ(result.code, "mail_unreachable");
    EXPECT_FALSE(result.provider_ok);
}

TEST_F(NotifyTest, ASlowRelayThenTheAttemptEndsInTime) {
    faults.add({.kind = sandbox::FaultKind::slow, .provider = sandbox::Provider::mail, .delay = 5s});
    deadline = 300ms;
    EXPECT_EQ(mail().code, "mail_no_answer");
}

TEST_F(NotifyTest, TheEndWhileARelayIsSlowThenNoThreadOutlivesIt) {
    faults.add({.kind = sandbox::FaultKind::slow, .provider = sandbox::Provider::mail, .delay = 60s});
    deadline = 60s;
    auto result = begin("mail.send", usual_mail());
    loop.run([&] { activities.reset(); });
    EXPECT_EQ(result.wait_for(20s), std::future_status::ready);
}

TEST_F(NotifyTest, TooLateThenItIsNotSentAndSaysSo) {
    clock.pass(std::chrono::hours(24) * 30);
    const auto result = mail();
    EXPECT_EQ(result.kind, Kind::succeeded);
    EXPECT_THAT(result.result, HasSubstr("too_late"));
    EXPECT_TRUE(raw.empty());
}

TEST_F(NotifyTest, AnAddressThatIsNoneThenFailedForGood) {
    json::object request = usual_mail();
    request["email"] = "ann@example.net>\r\nRCPT TO:<all@example.org";
    const auto result = carry_out("mail.send", request);
    EXPECT_EQ(result.kind, Kind::failed);
    EXPECT_EQ(result.code, "mail_bad_address");
    EXPECT_THAT(result.message, Not(HasSubstr("example.net")));
    EXPECT_TRUE(raw.empty());
}

TEST_F(NotifyTest, WebhookThenSignedByEveryKeyUnderTheActivitysId) {
    ASSERT_EQ(webhook().kind, Kind::succeeded);
    ASSERT_EQ(called.size(), 1u);
    const auto header = [&](std::string_view name) {
        return std::string(net::find_header(called[0].headers, name).value_or(""));
    };
    EXPECT_EQ(header("webhook-id"), booking_id + ".7.0");
    const auto timestamp = std::stoll(header("webhook-timestamp"));
    EXPECT_EQ(timestamp, std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count());
    EXPECT_EQ(header("webhook-signature"),
              notify::webhook_signature(booking_id + ".7.0", timestamp, R"({"a":1})", {key_a, key_b}));
    EXPECT_EQ(called[0].body, R"({"a":1})");
}

TEST_F(NotifyTest, ARefusedWebhookThenLaterAndLaterButGoneIsForGood) {
    answer.status = 500;
    const auto first = webhook(0), third = webhook(2);
    EXPECT_EQ(first.kind, Kind::retry);
    EXPECT_EQ(first.code, "webhook_500");
    EXPECT_EQ(first.retry_after, Duration(5s));
    EXPECT_EQ(third.retry_after, Duration(20s));
    EXPECT_EQ(webhook(19).retry_after, Duration(12h));
    answer.status = 404;
    EXPECT_EQ(webhook().kind, Kind::retry) << "a receiver that is being deployed";
    answer = {.status = 503, .headers = {{"Retry-After", "60"}}};
    EXPECT_EQ(webhook().retry_after, Duration(60s));
    answer = {.status = 410};
    EXPECT_EQ(webhook().kind, Kind::failed);
}

TEST_F(NotifyTest, AnEndpointThatWasTakenOutThenNobodyIsCalled) {
    const auto result = carry_out("webhook.send", {{"booking", booking_id}, {"endpoint", "old"}, {"type", "x"}, {"body", "{}"}});
    EXPECT_EQ(result.kind, Kind::succeeded);
    EXPECT_THAT(result.result, HasSubstr("no_such_endpoint"));
    EXPECT_TRUE(called.empty());
}

} // namespace appointd::adapters::tests
