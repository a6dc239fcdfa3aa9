#include "metrics/families.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <unistd.h>

namespace appointd::metrics {

using ::testing::HasSubstr;

namespace {

std::string deployed(const std::string& path) {
    std::ifstream file(APPOINTD_SOURCE "/deploy/" + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Series that the table declares: a histogram stands for three.
std::set<std::string> declared_series() {
    std::set<std::string> names;
    for (const Declaration& row : families()) {
        const std::string name(row.name);
        names.insert(name);
        if (row.type != Type::histogram) continue;
        for (const auto* suffix : {"_bucket", "_sum", "_count"}) names.insert(name + suffix);
    }
    return names;
}

int promtool(const std::string& arguments) { return std::system(("/usr/bin/promtool " + arguments + " > /dev/null").c_str()); }

} // namespace

class DeployedFile : public ::testing::TestWithParam<const char*> {};

TEST_P(DeployedFile, NamesOfMetricsThenEachIsDeclared) {
    const std::string text = deployed(GetParam());
    ASSERT_FALSE(text.empty());
    const std::set<std::string> names = declared_series();
    const std::regex name(R"(\b(appointd|process)_[a-z_]+)");
    int found = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it, ++found) {
        EXPECT_TRUE(names.contains(it->str())) << it->str() << " is not declared in metrics/families.cpp";
    }
    EXPECT_GT(found, 5);
}

INSTANTIATE_TEST_SUITE_P(All, DeployedFile,
                         ::testing::Values("prometheus/alerts.yml", "prometheus/alerts_test.yml", "grafana/appointd.json"));

TEST(Alerts, ReadByPromtoolThenRulesAndTheirTestsHold) {
    if (::access("/usr/bin/promtool", X_OK) != 0) GTEST_SKIP() << "promtool is not installed";
    EXPECT_EQ(promtool("check rules " APPOINTD_SOURCE "/deploy/prometheus/alerts.yml"), 0);
    EXPECT_EQ(promtool("test rules " APPOINTD_SOURCE "/deploy/prometheus/alerts_test.yml"), 0);
}

TEST(Alerts, WhatWouldGoUnseenThenEachHasOne) {
    const std::string rules = deployed("prometheus/alerts.yml");
    for (const Id id : {Id::ready, Id::store_reachable, Id::dead_letters, Id::attention, Id::oldest_pending_activity,
                        Id::timer_lag, Id::breaker, Id::commit, Id::webhooks, Id::overloaded, Id::process_open_fds}) {
        EXPECT_THAT(rules, HasSubstr(std::string(family(id).name)));
    }
}

TEST(Alerts, InOperationsThenEachSaysWhatToDo) {
    std::ifstream page(APPOINTD_SOURCE "/docs/operations.md");
    const std::string operations{std::istreambuf_iterator<char>(page), {}};
    const std::string rules = deployed("prometheus/alerts.yml");
    const std::regex name("alert: (\\w+)");
    for (std::sregex_iterator it(rules.begin(), rules.end(), name), end; it != end; ++it)
        EXPECT_THAT(operations, HasSubstr((*it)[1].str()));
}

TEST(Dashboard, ThenJsonWithPanelsThatDoNotOverlap) {
    boost::json::error_code error;
    const boost::json::value dashboard = boost::json::parse(deployed("grafana/appointd.json"), error);
    ASSERT_FALSE(error);
    std::set<std::pair<std::int64_t, std::int64_t>> cells;
    for (const boost::json::value& panel : dashboard.at("panels").as_array()) {
        const boost::json::value& place = panel.at("gridPos");
        for (std::int64_t x = 0; x < place.at("w").as_int64(); ++x) {
            for (std::int64_t y = 0; y < place.at("h").as_int64(); ++y) {
                EXPECT_TRUE(cells.emplace(place.at("x").as_int64() + x, place.at("y").as_int64() + y).second)
                    << panel.at("title").as_string();
            }
        }
    }
    EXPECT_FALSE(cells.empty());
}

} // namespace appointd::metrics
