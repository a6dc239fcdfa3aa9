#include "daemon/report_command.hpp"
#include "daemon/report_text.hpp"

#include "tests/support/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include <sstream>

namespace appointd::daemon {
namespace {

using ::testing::HasSubstr;

json::object page(std::string_view day, std::int64_t captured, std::int64_t waiting) {
    json::object sums{{"currency", "usd"}, {"captured", captured}, {"refunded", 500}, {"kept", 0},    {"kept_session", 0},
                      {"kept_policy", 0},  {"kept_operator", 0},   {"lost", 0},       {"overpaid", 0}};
    json::object item = sums, total = sums;
    item["date"] = day;
    item["session_type"] = "coaching-60";
    total["opening"] = json::object{{"refunding", 0}, {"waiting", 0}};
    total["closing"] = json::object{{"refunding", 0}, {"waiting", waiting}};
    return {{"from", "2026-12-01T00:00:00Z"}, {"to", "2027-01-01T00:00:00Z"}, {"bookings", 1},  {"items", json::array{item}},
            {"totals", json::array{total}},   {"problems", json::array{}},    {"adds_up", true}};
}

TEST(MoneyPages, RowsOfOneDayThenOneRow) {
    MoneyPages pages;
    pages.add(page("2026-12-01", 1000, 500));
    pages.add(page("2026-12-01", 2000, 1500));
    pages.add(page("2026-12-02", 3000, 2500));
    const json::object report = pages.report();
    ASSERT_EQ(report.at("items").as_array().size(), 2u);
    EXPECT_EQ(report.at("items").at(0).at("captured"), 3000);
    EXPECT_EQ(report.at("items").at(0).at("date"), "2026-12-01");
    EXPECT_EQ(report.at("totals").at(0).at("captured"), 6000);
    EXPECT_EQ(report.at("totals").at(0).at("closing").at("waiting"), 4500);
    EXPECT_EQ(report.at("bookings"), 3);
    EXPECT_EQ(report.at("adds_up"), true);
    json::object broken = page("2026-12-03", 0, 0);
    broken["adds_up"] = false;
    pages.add(broken);
    EXPECT_EQ(pages.report().at("adds_up"), false) << "one page that does not is enough";
}

TEST(MoneyCsv, RowsThenDecimalAmountsAndOneLineEach) {
    MoneyPages pages;
    pages.add(page("2026-12-01", 12000, 11500));
    EXPECT_EQ(money_csv(pages.report()),
              "date,session_type,currency,captured,refunded,kept,kept_session,kept_policy,kept_operator,lost,overpaid\r\n"
              "2026-12-01,coaching-60,usd,120.00,5.00,0.00,0.00,0.00,0.00,0.00,0.00\r\n");
    json::object report = page("2026-12-01", 12000, 11500);
    report["items"].as_array()[0].as_object()["session_type"] = "a,\"b\"";
    EXPECT_THAT(money_csv(report), HasSubstr("2026-12-01,\"a,\"\"b\"\"\",usd"));
}

TEST(MoneyText, RowsThenTotalsBalancesAndWhetherItAddsUp) {
    const std::string text = money_text_report(page("2026-12-01", 12000, 11500));
    EXPECT_THAT(text, HasSubstr("2026-12-01  coaching-60   usd       120.00"));
    EXPECT_THAT(text, HasSubstr("total"));
    EXPECT_THAT(text, HasSubstr("after:  0.00 USD on its way back, 115.00 USD held or undecided"));
    EXPECT_THAT(text, HasSubstr("it adds up"));
    EXPECT_EQ(money_text_report({{"items", json::array{}}}), "no money moved\n");
}

/// Two pages, one after the other.
struct Api {
    testing_support::Loop loop;
    std::vector<std::string> asked;
    std::string first =
        R"({"data":{"from":"F","to":"T","bookings":1,"items":[{"date":"2026-12-01","session_type":"s","currency":"usd","captured":100}],
        "totals":[{"currency":"usd","captured":100}],"problems":[],"adds_up":true,"next_cursor":"C1"},"error":null})";
    std::string second =
        R"({"data":{"from":"F","to":"T","bookings":1,"items":[{"date":"2026-12-01","session_type":"s","currency":"usd","captured":23}],
        "totals":[{"currency":"usd","captured":23}],"problems":[],"adds_up":true,"next_cursor":null},"error":null})";
    testing_support::LoopbackServer server{loop, net::ServerLimits{},
                                           [this](net::Request request) -> boost::asio::awaitable<net::Response> {
                                               asked.push_back(request.path + "?" + request.query);
                                               net::Response response;
                                               response.body = asked.size() == 1 ? first : second;
                                               co_return response;
                                           }};
};

TEST(ReportCommand, SeveralPagesThenOneReport) {
    Api api;
    ReportCommand command;
    command.admin = api.server.url();
    command.from = "2026-12-01";
    command.to = "2026-12-31";
    command.csv = true;
    std::ostringstream out, err;
    EXPECT_EQ(run_report(command, {}, out, err), 0) << err.str();
    EXPECT_THAT(out.str(), HasSubstr("2026-12-01,s,usd,1.23,"));
    ASSERT_EQ(api.asked.size(), 2u);
    EXPECT_EQ(api.asked[0], "/admin/v1/reports/money?from=2026-12-01&to=2026-12-31");
    EXPECT_EQ(api.asked[1], "/admin/v1/reports/money?from=2026-12-01&to=2026-12-31&cursor=C1");
}

TEST(ReportCommand, ThatDoesNotAddUpThenCodeOne) {
    Api api;
    api.first =
        R"({"data":{"items":[],"totals":[],"problems":[{"workflow_id":"I","reason":"r"}],"adds_up":false,"next_cursor":null},"error":null})";
    ReportCommand command;
    command.admin = api.server.url();
    command.json = true;
    std::ostringstream out, err;
    EXPECT_EQ(run_report(command, {}, out, err), 1);
    EXPECT_THAT(err.str(), HasSubstr("does not add up"));
    EXPECT_THAT(out.str(), HasSubstr("\"workflow_id\":\"I\""));
}

} // namespace
} // namespace appointd::daemon
