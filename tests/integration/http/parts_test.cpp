#include "foundation/period_text.hpp"
#include "http/page_layout.hpp"
#include "http/preview_json.hpp"
#include "http/rate_limit.hpp"
#include "http/routing.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace appointd::http {
namespace {

using namespace std::chrono_literals;

TEST(RateLimitTest, ABurstThenOneATime) {
    RateLimit limit(60);
    const RateLimit::Instant start{};
    for (int i = 0; i < 60; ++i) EXPECT_EQ(limit.take("10.0.0.1", start).count(), 0);
    EXPECT_EQ(limit.take("10.0.0.1", start).count(), 1);
    EXPECT_EQ(limit.take("10.0.0.2", start).count(), 0);
    EXPECT_EQ(limit.take("10.0.0.1", start + 1s).count(), 0);
    EXPECT_NE(limit.take("10.0.0.1", start + 1s).count(), 0);
}

TEST(RateLimitTest, ThisMachineIsNeverLimited) {
    RateLimit limit(1);
    for (const auto* address : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"})
        for (int i = 0; i < 10; ++i) EXPECT_EQ(limit.take(address, {}).count(), 0);
    EXPECT_EQ(limit.addresses(), 0u);
}

TEST(RateLimitTest, MemoryIsBounded) {
    RateLimit limit(1, 100);
    const RateLimit::Instant start{};
    for (int i = 0; i < 1000; ++i) limit.take("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), start);
    EXPECT_LE(limit.addresses(), 101u);
    limit.take("10.9.9.9", start + 10min); // all others are full again
    EXPECT_EQ(limit.addresses(), 1u);
}

TEST(RateLimitTest, ANetworkOfIpv6IsOneStranger) {
    RateLimit limit(1);
    EXPECT_EQ(limit.take("2001:db8::1", {}).count(), 0);
    EXPECT_NE(limit.take("2001:db8::2", {}).count(), 0);
    EXPECT_EQ(limit.take("2001:db8:0:1::2", {}).count(), 0);
}

TEST(TimeZonesTest, SummerAndWinterAreKnown) {
    TimeZones zones;
    const auto winter = zones.local(*parse_iso("2026-12-01T09:00:00Z"), "Europe/Berlin");
    const auto summer = zones.local(*parse_iso("2026-07-01T09:00:00Z"), "Europe/Berlin");
    ASSERT_TRUE(winter && summer);
    EXPECT_EQ(winter->abbreviation, "CET");
    EXPECT_EQ(summer->abbreviation, "CEST");
    EXPECT_EQ(summer->time.time_since_epoch() - winter->time.time_since_epoch(),
              *parse_iso("2026-07-01T11:00:00Z") - *parse_iso("2026-12-01T10:00:00Z"));
    EXPECT_EQ(zones.local(*parse_iso("2026-12-01T09:00:00Z"), "Asia/Tokyo")->abbreviation, "JST");
}

TEST(TimeZonesTest, StrangeNamesAreRefused) {
    TimeZones zones;
    for (const auto* name : {"", "/etc/passwd", "../../etc/passwd", "Nowhere/None", "zone.tab", "Europe", "a b"})
        EXPECT_FALSE(zones.local(Time{}, name)) << name;
}

TEST(PageText, SlotOfAnUnknownZoneIsInUtc) {
    TimeZones zones;
    BookingView view;
    EXPECT_EQ(slot_text(view, zones), "");
    view.start = parse_iso("2026-12-01T09:00:00Z");
    view.timezone = "Nowhere/None";
    EXPECT_EQ(slot_text(view, zones), "Tuesday, 1 December 2026, 09:00 (UTC)");
    view.timezone = "UTC";
    EXPECT_EQ(slot_text(view, zones), "Tuesday, 1 December 2026, 09:00 (UTC)");
    view.timezone = "America/Sao_Paulo";
    view.end = parse_iso("2026-12-01T10:30:00Z");
    EXPECT_EQ(slot_text(view, zones), "Tuesday, 1 December 2026, 06:00 to 07:30 (America/Sao_Paulo)");
}

TEST(DifferenceTest, LeavesThatDifferAreListed) {
    const auto difference_of = [](std::string_view before, std::string_view after) {
        return difference(json::parse(before), json::parse(after));
    };
    EXPECT_TRUE(difference_of(R"({"a":{"b":[1]}})", R"({"a":{"b":[1]}})").empty());
    EXPECT_EQ(
        difference_of(R"({"a":1,"b":{"c":2}})", R"({"b":{"c":3},"d":[1]})"),
        json::parse(
            R"([{"path":"a","before":1,"after":null},{"path":"b.c","before":2,"after":3},{"path":"d","before":null,"after":[1]}])"));
    EXPECT_EQ(difference_of(R"({})", R"({"a":{"b":1}})"), json::parse(R"([{"path":"a.b","before":null,"after":1}])"));
    EXPECT_EQ(difference_of(R"({"a":{"b":1}})", R"({"a":7})"), json::parse(R"([{"path":"a","before":{"b":1},"after":7}])"));
}

TEST(RoutingTest, SegmentsAndMethodsMustFit) {
    const std::vector<Route> routes{
        {"GET", "/a/{id}", Access::open, {}}, {"POST", "/a/{id}", Access::open, {}}, {"GET", "/a/{id}/b", Access::open, {}}};
    EXPECT_EQ(match(routes, "GET", "/a/x%2Fy").parameters, std::vector<std::string>{"x/y"});
    EXPECT_EQ(match(routes, "HEAD", "/a/x").route, &routes[0]);
    EXPECT_EQ(match(routes, "POST", "/a/x").route, &routes[1]);
    EXPECT_EQ(match(routes, "GET", "/a/x/b").route, &routes[2]);
    EXPECT_EQ(match(routes, "PUT", "/a/x").allowed, "GET, HEAD, POST");
    for (const auto* path : {"/", "/a", "/a/", "/a/x/", "/a/x/c", "/a/x/b/c", "/A/x", "//a/x", "/a/%zz", "*"})
        EXPECT_EQ(match(routes, "GET", path).route, nullptr) << path;
}

} // namespace
} // namespace appointd::http
