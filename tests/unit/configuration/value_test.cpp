#include "daemon/configuration_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::daemon {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SettingValue, WellFormedThenRead) {
    EXPECT_EQ(std::get<Duration>(*parse_value(Kind::duration, "90s")), Duration(90s));
    EXPECT_EQ(std::get<std::int64_t>(*parse_value(Kind::bytes, "1MiB")), 1 << 20);
    EXPECT_EQ(std::get<std::int64_t>(*parse_value(Kind::bytes, "2kB")), 2000);
    EXPECT_EQ(std::get<std::int64_t>(*parse_value(Kind::bytes, "77")), 77);
    EXPECT_EQ(std::get<double>(*parse_value(Kind::number, "2.5")), 2.5);
    EXPECT_EQ(std::get<bool>(*parse_value(Kind::boolean, "true")), true);
    EXPECT_EQ(std::get<std::string>(*parse_value(Kind::url, "https://a.example/base/")), "https://a.example/base");
    EXPECT_THAT(std::get<std::vector<std::string>>(*parse_value(Kind::secrets, "one, two,,")), ElementsAre("one", "two"));
}

struct BadValue {
    Kind kind;
    const char* text;
};
class SettingValueRefuses : public ::testing::TestWithParam<BadValue> {};

TEST_P(SettingValueRefuses, MalformedThenConfigInvalid) {
    const auto read = parse_value(GetParam().kind, GetParam().text);
    ASSERT_FALSE(read) << GetParam().text;
    EXPECT_EQ(read.error().code, "config_invalid");
}

INSTANTIATE_TEST_SUITE_P(All, SettingValueRefuses,
                         ::testing::Values(BadValue{Kind::duration, "-5s"}, BadValue{Kind::duration, "5"},
                                           BadValue{Kind::duration, "soon"}, BadValue{Kind::bytes, "-1"},
                                           BadValue{Kind::bytes, "9999999999GiB"}, BadValue{Kind::bytes, "1 MiB"},
                                           BadValue{Kind::integer, "1.5"}, BadValue{Kind::integer, "12x"},
                                           BadValue{Kind::number, "nan"}, BadValue{Kind::boolean, "yes"},
                                           BadValue{Kind::url, "ftp://a"}, BadValue{Kind::url, "https:///path"},
                                           BadValue{Kind::url, "https://a b"}, BadValue{Kind::address, "8080"},
                                           BadValue{Kind::address, ":8080"}, BadValue{Kind::address, "127.0.0.1:65536"},
                                           BadValue{Kind::address, "::1:80"}, BadValue{Kind::database, "mysql://x"},
                                           BadValue{Kind::database, "sqlite:///"}, BadValue{Kind::level, "loud"}));

TEST(SettingValue, MalformedSecretThenTheMessageDoesNotRepeatIt) {
    const auto read = parse_value(Kind::database, "mysql://user:hunter2@host/base");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, Not(HasSubstr("hunter2")));
}

TEST(Loopback, AddressesThenOnlyThisMachinesAre) {
    EXPECT_TRUE(is_loopback("127.0.0.1:8081"));
    EXPECT_TRUE(is_loopback("127.8.8.8:1"));
    EXPECT_TRUE(is_loopback("[::1]:8081"));
    EXPECT_TRUE(is_loopback("localhost:8081"));
    EXPECT_FALSE(is_loopback("0.0.0.0:8081"));
    EXPECT_FALSE(is_loopback("[::]:8081"));
    EXPECT_FALSE(is_loopback("10.0.0.1:8081"));
}

} // namespace appointd::daemon
