#include "foundation/log.hpp"

#include "foundation/json.hpp"

#include <gtest/gtest.h>

namespace appointd {
namespace {

TEST(Log, ALineIsOneJsonObject) {
    const Log log = Log::to_stderr(Level::info).with({{"workflow", std::string("w\"1")}});
    testing::internal::CaptureStderr();
    log.warn("something\nhappened", {{"count", 3}, {"code", std::string_view("x")}});
    const auto line = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(line.ends_with("}\n"));
    const auto object = parse_object(line);
    ASSERT_TRUE(object);
    EXPECT_TRUE(time_field(*object, "ts"));
    EXPECT_EQ(text_field(*object, "level"), "warn");
    EXPECT_EQ(text_field(*object, "msg"), "something\nhappened");
    EXPECT_EQ(text_field(*object, "workflow"), "w\"1");
    EXPECT_EQ(int_field(*object, "count"), 3);
    EXPECT_EQ(text_field(*object, "code"), "x");
}

TEST(Log, WhatIsBelowTheLevelIsNotWritten) {
    testing::internal::CaptureStderr();
    Log::to_stderr(Level::warn).info("quiet");
    Log().error("nowhere");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Log, AChildLeavesItsParentAlone) {
    const Log parent = Log::to_stderr(Level::debug);
    const Log child = parent.with({{"a", 1}}).with({{"b", 2}});
    testing::internal::CaptureStderr();
    parent.debug("parent");
    child.debug("child");
    const auto text = testing::internal::GetCapturedStderr();
    const auto first = text.substr(0, text.find('\n'));
    EXPECT_EQ(first.find("\"a\""), std::string::npos);
    EXPECT_NE(text.find(R"("a":1,"b":2)"), std::string::npos);
}

} // namespace
} // namespace appointd
