#include "daemon/event_log.hpp"
#include "foundation/json.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace appointd::daemon {

using namespace std::chrono_literals;

namespace {

const std::string booking = "019a9f00-0000-7000-8000-000000000001";

/// The line of an attempt with this outcome at this level; nullopt: none.
std::optional<json::object> line_of(std::string_view outcome, std::string_view code, Level least = Level::info) {
    EventLog log(Log::to_stderr(least));
    const engine::ActivityId id{*engine::parse_workflow_id(booking), 7, 0};
    testing::internal::CaptureStderr();
    log.attempted(id, "mail.send", engine::Lane("/mail/default"), outcome, code, "look at mail.user", 3, 40ms);
    return parse_object(testing::internal::GetCapturedStderr());
}

} // namespace

TEST(EventLog, AnAttemptThatIsMadeAgainThenALineThatSaysWhyAndWhatIsNext) {
    const auto line = line_of("retry", "mail_535");
    ASSERT_TRUE(line);
    const json::object wanted{{"level", "info"},
                              {"msg", "attempt did not succeed"},
                              {"workflow", booking},
                              {"activity", booking + ".7.0"},
                              {"kind", "mail.send"},
                              {"lane", "/mail/default"},
                              {"outcome", "retry"},
                              {"code", "mail_535"},
                              {"message", "look at mail.user"},
                              {"next", "made again by itself"},
                              {"attempt", 3}};
    for (const auto& [name, value] : wanted) EXPECT_EQ(line->at(name), value) << name;
}

TEST(EventLog, WhatWaitsForAProviderThenToldToo) {
    EXPECT_TRUE(line_of("wait", "mail_untrusted"));
    EXPECT_TRUE(line_of("wait", "stripe_unreachable"));
}

TEST(EventLog, AFailureThenAWarningWithTheCommandThatSaysWhatToDo) {
    for (const auto* outcome : {"failed", "exhausted"}) {
        const auto line = line_of(outcome, "mail_550");
        ASSERT_TRUE(line);
        EXPECT_EQ(line->at("level"), "warn");
        EXPECT_EQ(text_field(*line, "next"), "appointd workflows explain " + booking);
    }
}

TEST(EventLog, ASuccessOrAStopThenNothingButForDebugging) {
    EXPECT_FALSE(line_of("succeeded", ""));
    EXPECT_FALSE(line_of("wait", "shutting_down"));
    EXPECT_TRUE(line_of("succeeded", "", Level::debug));
    EXPECT_TRUE(line_of("wait", "shutting_down", Level::debug));
}

} // namespace appointd::daemon
