#include "daemon/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::daemon {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace {

constexpr std::string_view coaching = R"(
[[session_type]]
id = "coaching-60"
name = "Coaching, 60 minutes"
calendly_event_type = "https://api.calendly.com/event_types/AAA"
price = 12000
currency = "USD"
duration = "60m"
payment_window = "30m"
refund = [ { notice = "0s", percent = 50 }, { notice = "24h", percent = 100 } ]
place = "zoom"
late_money = "revive"
reminders = ["1h", "24h"]
completion = "clock"
no_show = "refund"
max_reschedules = 2
receipts = true
automatic_tax = true
allow_promotion_codes = true
[session_type.zoom]
waiting_room = true
auto_recording = "cloud"
jbh_time = 5
)";

constexpr std::string_view least =
    "[[session_type]]\nid = \"a\"\ncalendly_event_type = \"https://api.calendly.com/event_types/A\"\nprice = 0\n";

std::string problems(std::string_view text, const Environment& environment = {}) {
    const auto configuration = parse_configuration(text, "test.toml", environment);
    return configuration ? "" : configuration.error().message;
}

std::string with(std::string_view line) { return std::string(least) + std::string(line) + "\n"; }

} // namespace

TEST(SessionType, EverythingGivenThenRead) {
    const auto c = parse_configuration(coaching, "test.toml", {});
    ASSERT_TRUE(c) << c.error().message;
    ASSERT_THAT(c->session_types, SizeIs(1));
    const SessionType& type = c->session_types[0];
    EXPECT_EQ(type.id, "coaching-60");
    EXPECT_EQ(type.price, 12000);
    EXPECT_EQ(type.currency, "usd");
    ASSERT_THAT(type.refund, SizeIs(2));
    EXPECT_EQ(type.refund[0].notice, Duration(24h)) << "greatest notice first";
    EXPECT_EQ(type.refund[1].percent, 50);
    EXPECT_EQ(type.reminders[0], Duration(24h));
    EXPECT_EQ(type.late_money, "revive");
    EXPECT_EQ(type.max_reschedules, 2);
    EXPECT_EQ(canonical(type.zoom), R"({"auto_recording":"cloud","jbh_time":5,"waiting_room":true})");
}

TEST(SessionType, LeastGivenThenDefaults) {
    const auto c = parse_configuration(least, "test.toml", {});
    ASSERT_TRUE(c) << c.error().message;
    const SessionType& type = c->session_types.at(0);
    EXPECT_EQ(type.name, "a");
    EXPECT_EQ(type.payment_window, Duration(30min));
    EXPECT_THAT(type.refund, SizeIs(0));
    EXPECT_EQ(type.place, "zoom");
}

TEST(SessionType, TermsThenEveryFieldOfTheDictionary) {
    const auto c = parse_configuration(coaching, "test.toml", {});
    ASSERT_TRUE(c);
    const json::object terms = terms_of(c->session_types[0], *c);
    EXPECT_EQ(
        canonical(terms),
        R"({"allow_promotion_codes":true,"automatic_tax":true,"completion":"clock","completion_grace_seconds":900,"currency":"usd",)"
        R"("duration_seconds":3600,"event_type":"https://api.calendly.com/event_types/AAA","late_money":"revive","max_reschedules":2,)"
        R"("name":"Coaching, 60 minutes","no_show":"refund","payment_window_seconds":1800,"place":"zoom","price":12000,)"
        R"("public_url":"http://127.0.0.1:8080","receipts":true,"reconcile_after_seconds":600,)"
        R"("refund":[{"notice_seconds":86400,"percent":100},{"notice_seconds":0,"percent":50}],"reminders_seconds":[86400,3600],)"
        R"("reschedule_timeout_seconds":600,"session_type":"coaching-60","slot_timeout_seconds":86400,)"
        R"("zoom_settings":{"auto_recording":"cloud","jbh_time":5,"waiting_room":true}})");
}

TEST(SessionType, WaitsBelowASecondThenTermsRoundThemUp) {
    const auto c = parse_configuration(
        "[booking]\nreschedule_timeout = \"300ms\"\nslot_timeout = \"1500ms\"\n" + std::string(least), "test.toml", {});
    ASSERT_TRUE(c) << c.error().message;
    const json::object terms = terms_of(c->session_types[0], *c);
    EXPECT_EQ(terms.at("reschedule_timeout_seconds"), 1) << "zero would ask Calendly without a pause";
    EXPECT_EQ(terms.at("slot_timeout_seconds"), 2);
}

TEST(SessionType, EnvironmentGivesTypesThenTheyReplaceTheFiles) {
    const auto c = parse_configuration(coaching, "test.toml", {{"APPOINTD_SESSION_TYPES", std::string(least)}});
    ASSERT_TRUE(c) << c.error().message;
    ASSERT_THAT(c->session_types, SizeIs(1));
    EXPECT_EQ(c->session_types[0].id, "a");
    EXPECT_THAT(problems("", {{"APPOINTD_SESSION_TYPES", "[[["}}), HasSubstr("APPOINTD_SESSION_TYPES"));
}

struct Mistake {
    const char* line;
    const char* said;
};
class SessionTypeRefuses : public ::testing::TestWithParam<Mistake> {};

TEST_P(SessionTypeRefuses, MistakeThenItsPathIsNamed) {
    EXPECT_THAT(problems(with(GetParam().line)), HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    All, SessionTypeRefuses,
    ::testing::Values(Mistake{"colour = 1", "session_type[0].colour: unknown setting"},
                      Mistake{"currency = \"dollar\"", "session_type[0].currency"},
                      Mistake{"payment_window = \"-1m\"", "session_type[0].payment_window: expected a duration"},
                      Mistake{"payment_window = \"0s\"", "session_type[0].payment_window: must be at least"},
                      Mistake{"duration = 60", "session_type[0].duration: expected a duration"},
                      Mistake{"refund = [ { notice = \"1h\", percent = 101 } ]",
                              "session_type[0].refund[0].percent: must be from 0 to 100"},
                      Mistake{"refund = [ { notice = \"1h\", percent = -1 } ]", "session_type[0].refund[0].percent"},
                      Mistake{"refund = [ { percent = 10 } ]", "session_type[0].refund[0].notice: is required"},
                      Mistake{"refund = [ { notice = \"1h\", percent = 1 }, { notice = \"60m\", percent = 2 } ]",
                              "session_type[0].refund[1].notice: is given twice"},
                      Mistake{"refund = 100", "session_type[0].refund: expected an array"},
                      Mistake{"place = \"moon\"", "session_type[0].place: expected one of zoom, calendly, none"},
                      Mistake{"late_money = true", "session_type[0].late_money"},
                      Mistake{"reminders = [1]", "session_type[0].reminders[0]: expected a duration"},
                      Mistake{"receipts = \"yes\"", "session_type[0].receipts: expected true or false"},
                      Mistake{"zoom = { use_pmi = true }", "session_type[0].zoom.use_pmi: unknown setting"},
                      Mistake{"zoom = { waiting_room = 1 }", "session_type[0].zoom.waiting_room: expected true or false"}));

TEST(SessionType, RequiredFieldsMissingThenEachIsNamed) {
    const std::string said = problems("[[session_type]]\nname = \"x\"\n");
    for (const auto* key : {"session_type[0].id", "session_type[0].calendly_event_type", "session_type[0].price"})
        EXPECT_THAT(said, HasSubstr(key));
    EXPECT_THAT(
        problems("[[session_type]]\nid = \"a b\"\ncalendly_event_type = \"x\"\nprice = -1\n"),
        ::testing::AllOf(HasSubstr(".id: expected"), HasSubstr(".calendly_event_type: expected"), HasSubstr(".price: must be")));
    EXPECT_THAT(problems("session_type = 5\n"), HasSubstr("session_type: expected"));
}

TEST(SessionType, IdOrEventTypeTwiceThenRefused) {
    const std::string said = problems(std::string(least) + std::string(least));
    EXPECT_THAT(said, HasSubstr("session_type[1].id: \"a\" is given twice"));
    EXPECT_THAT(said, HasSubstr("session_type[1].calendly_event_type: another session type"));
}

TEST(SessionType, NeedsAProviderThatIsNotConfiguredThenAWarning) {
    const auto c = parse_configuration(coaching, "test.toml", {});
    ASSERT_TRUE(c);
    for (const auto* name : {"CALENDLY_PERSONAL_ACCESS_TOKEN", "STRIPE_SECRET_KEY", "ZOOM_ACCOUNT_ID"}) {
        EXPECT_THAT(c->warnings, ::testing::Contains(HasSubstr(name)));
    }
}

} // namespace appointd::daemon
