#include "daemon/configuration_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace appointd::daemon {

using ::testing::HasSubstr;
using ::testing::Not;

namespace {

constexpr std::string_view begin_mark = "<!-- settings: begin (drawn from daemon/configuration_table.cpp) -->\n";
constexpr std::string_view end_mark = "<!-- settings: end -->\n";

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST(SettingsTable, EveryRowThenItsNamesAreItsOwnAndItsDefaultReads) {
    std::set<std::string_view> keys, variables;
    for (const Setting& setting : settings()) {
        EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
        EXPECT_TRUE(variables.insert(setting.variable).second) << setting.variable;
        EXPECT_FALSE(setting.help.empty()) << setting.key;
        EXPECT_TRUE(setting.fallback.empty() || parse_value(setting.kind, setting.fallback).has_value()) << setting.key;
    }
}

TEST(SettingsTable, VariablesThenDerivedFromTheKeyUnlessTheDesignNamesThem) {
    const std::set<std::string_view> named = {"DATABASE_URL", "APPOINTD_LISTEN", "APPOINTD_ADMIN_LISTEN", "APPOINTD_ADMIN_TOKEN",
                                              "APPOINTD_API_TOKEN"};
    for (const Setting& setting : settings()) {
        std::string derived;
        for (const char c : setting.key)
            derived += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        EXPECT_TRUE(named.contains(setting.variable) || setting.variable == derived || setting.variable == "APPOINTD_" + derived)
            << setting.variable;
    }
}

TEST(SettingsPage, InOperationsThenCurrent) {
    const std::string path = APPOINTD_SOURCE "/docs/operations.md";
    const std::string page = read(path);
    const auto begin = page.find(begin_mark), end = page.find(end_mark);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const std::string current =
        page.substr(0, begin) + std::string(begin_mark) + "\n" + settings_page() + "\n" + page.substr(end);
    if (std::getenv("APPOINTD_UPDATE_DOCS") != nullptr) std::ofstream(path) << current;
    EXPECT_TRUE(read(path) == current)
        << "docs/operations.md is stale: run with APPOINTD_UPDATE_DOCS=1 and look at the difference";
}

TEST(SettingsHelp, ThenEverySettingAndFieldIsNamed) {
    const std::string help = settings_help();
    for (const Setting& setting : settings()) EXPECT_THAT(help, HasSubstr(std::string(setting.variable)));
    for (const SessionField& field : session_fields()) EXPECT_THAT(help, HasSubstr(std::string(field.key)));
}

TEST(CheckConfig, SecretsSetThenNoneIsShown) {
    const Environment environment = {{"DATABASE_URL", "postgresql://me:hunter2@db.example/bookings?password=hunter3"},
                                     {"STRIPE_SECRET_KEY", "hunter4"},
                                     {"STRIPE_WEBHOOK_SECRET", "hunter5,hunter6"}};
    const auto configuration = parse_configuration("[engine]\nlease = \"2s\"\n", "test.toml", environment);
    ASSERT_TRUE(configuration) << configuration.error().message;
    for (const std::string& shown : {describe(*configuration), canonical(describe_json(*configuration))}) {
        EXPECT_THAT(shown, Not(HasSubstr("hunter")));
        EXPECT_THAT(shown, HasSubstr("db.example/bookings"));
        EXPECT_THAT(shown, HasSubstr("2s"));
        EXPECT_THAT(shown, HasSubstr("(set)"));
        EXPECT_THAT(shown, HasSubstr("environment"));
    }
}

} // namespace appointd::daemon
