#include "foundation/time.hpp"

#include <gtest/gtest.h>

namespace appointd {
namespace {

using namespace std::chrono_literals;

Time at(std::int64_t micros) { return from_micros(micros); }

TEST(Iso, TimeIsWrittenWithFractionOnlyWhereItHasOne) {
    EXPECT_EQ(to_iso(at(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_iso(at(1'796'115'600'000'000)), "2026-12-01T09:00:00Z");
    EXPECT_EQ(to_iso(at(1'796'115'600'000'001)), "2026-12-01T09:00:00.000001Z");
    EXPECT_EQ(to_iso(at(1'796'115'600'120'000)), "2026-12-01T09:00:00.120000Z");
}

TEST(Iso, OffsetsAndFractionsAreRead) {
    const auto nine = at(1'796'115'600'000'000);
    EXPECT_EQ(parse_iso("2026-12-01T09:00:00Z"), nine);
    EXPECT_EQ(parse_iso("2026-12-01t09:00:00z"), nine);
    EXPECT_EQ(parse_iso("2026-12-01T10:30:00+01:30"), nine);
    EXPECT_EQ(parse_iso("2026-11-30T23:00:00-10:00"), nine);
    EXPECT_EQ(parse_iso("2026-12-01T09:00:00.5Z"), nine + 500ms);
    EXPECT_EQ(parse_iso("2026-12-01T09:00:00.123456789Z"), nine + 123456us);
    EXPECT_EQ(parse_iso("2028-02-29T00:00:00Z"), at(1'835'395'200'000'000));
}

TEST(Iso, EverythingElseIsRefused) {
    for (const auto* text : {"",
                             "2026",
                             "2026-12-01",
                             "2026-12-01T09:00:00",
                             "2026-12-01T09:00Z",
                             "2026-12-01 09:00:00Z",
                             "2026-13-01T09:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-12-00T09:00:00Z",
                             "2026-12-01T24:00:00Z",
                             "2026-12-01T09:60:00Z",
                             "2026-12-01T09:00:60Z",
                             "2026-12-01T09:00:00.Z",
                             "2026-12-01T09:00:00.1234567890Z",
                             "2026-12-01T09:00:00Zx",
                             "2026-12-01T09:00:00+0100",
                             "2026-12-01T09:00:00+25:00",
                             "1969-12-31T23:59:59Z",
                             "1970-01-01T00:00:00+01:00",
                             "9999-12-31T23:59:59-01:00",
                             "+026-12-01T09:00:00Z"})
        EXPECT_EQ(parse_iso(text), std::nullopt) << text;
}

TEST(Iso, WhatIsWrittenIsReadBack) {
    for (std::int64_t micros = 1; micros < 253'000'000'000'000'000; micros = micros * 3 + 7)
        EXPECT_EQ(parse_iso(to_iso(at(micros))), at(micros)) << micros;
}

TEST(Durations, UnitsAreRead) {
    EXPECT_EQ(parse_duration("30s"), 30s);
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("2d"), 48h);
    EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Durations, EverythingElseIsRefused) {
    for (const auto* text :
         {"", "s", "5", "-5s", "+5s", "1.5h", "5 s", "5S", "5w", "99999999999999999999s", "9223372036854775807h"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Durations, TextIsShortAndReadBack) {
    EXPECT_EQ(to_text(0s), "0s");
    EXPECT_EQ(to_text(90s), "90s");
    EXPECT_EQ(to_text(24h), "24h");
    EXPECT_EQ(to_text(5min), "5m");
    EXPECT_EQ(to_text(500ms), "500ms");
    for (const Duration duration : {Duration(1us), Duration(1500us), Duration(61s), Duration(36h)})
        EXPECT_EQ(parse_duration(to_text(duration)), duration);
}

} // namespace
} // namespace appointd
