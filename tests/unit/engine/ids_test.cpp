#include "engine/core/ids.hpp"

#include <gtest/gtest.h>

namespace appointd::engine {
namespace {

const Time moment = from_micros(1'790'000'000'123'456);

TEST(WorkflowId, HoldsMillisecondsThenVersionSevenThenChance) {
    const RandomBytes random{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    EXPECT_EQ(to_string(make_workflow_id(moment, random)), "01a0c450-6c7b-7fff-bfff-ffffffffffff");
    EXPECT_EQ(to_string(make_workflow_id(moment, RandomBytes{})), "01a0c450-6c7b-7000-8000-000000000000");
}

TEST(WorkflowId, SortsByItsMoment) {
    const RandomBytes high{255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    EXPECT_LT(make_workflow_id(moment, high), make_workflow_id(moment + std::chrono::milliseconds(1), RandomBytes{}));
}

TEST(WorkflowId, IsClaimedOnlyByWhatWeCanHaveMade) {
    const auto id = make_workflow_id(moment, RandomBytes{1, 2, 3});
    EXPECT_EQ(parse_claimed_workflow_id(to_string(id)), id);
    for (const char* others : {"00000000-0000-0000-0000-000000000000", "c232ab00-9414-11ec-b3c8-9f6bdeced846",
                               "f47ac10b-58cc-4372-a567-0e02b2c3d479", "01a0c450-6c7b-7fff-ffff-ffffffffffff", "cart_77"})
        EXPECT_FALSE(parse_claimed_workflow_id(others)) << others;
}

TEST(EventId, HoldsItsOwnMomentThenVersionEightThenTheHash) {
    const std::string text = to_string(make_event_id(moment, "stripe/default", "evt_1"));
    EXPECT_EQ(text.substr(0, 13), "01a0c450-6c7b");
    EXPECT_EQ(text[14], '8');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
}

TEST(EventId, NeverChangesFromReleaseToRelease) {
    // Stored in every database: a redelivery after an upgrade must find its row.
    EXPECT_EQ(to_string(make_event_id(moment, "stripe/default", "evt_1")), "01a0c450-6c7b-88bc-b623-3399d0195fd4");
}

TEST(EventId, TellsSourceAndKeyApart) {
    const EventId id = make_event_id(moment, "stripe/default", "evt_1");
    EXPECT_EQ(id, make_event_id(moment, "stripe/default", "evt_1"));
    EXPECT_NE(id, make_event_id(moment, "stripe/default", "evt_2"));
    EXPECT_NE(id, make_event_id(moment, "stripe/other", "evt_1"));
    EXPECT_NE(id, make_event_id(moment + std::chrono::milliseconds(1), "stripe/default", "evt_1"));
    EXPECT_NE(make_event_id(moment, "ab", "c"), make_event_id(moment, "a", "bc"));
}

TEST(EventId, TakesAMomentBeforeTheEpochAsZero) {
    EXPECT_EQ(to_string(make_event_id(from_micros(-5), "a", "b")).substr(0, 13), "00000000-0000");
}

TEST(Uuid, IsReadBackFromItsText) {
    const auto id = make_event_id(moment, "a", "b").get();
    EXPECT_EQ(parse_uuid(to_string(id)), id);
    EXPECT_EQ(parse_uuid("01A0C450-6C7B-7FFF-BFFF-FFFFFFFFFFFF"), parse_uuid("01a0c450-6c7b-7fff-bfff-ffffffffffff"));
}

TEST(Uuid, IsRefusedWhereTheTextIsBroken) {
    for (const char* text : {"", "01a0c450-6c7b-7fff-bfff-fffffffffff", "01a0c4845-c7b-7fff-bfff-ffffffffffff",
                             "g1a0c484-5c7b-7fff-bfff-ffffffffffff", "01a0c450-6c7b-7fff-bfff-ffffffffffff0"})
        EXPECT_FALSE(parse_uuid(text)) << text;
}

TEST(ActivityId, IsReadBackFromItsText) {
    const ActivityId id{make_workflow_id(moment, RandomBytes{}), 7, 2};
    EXPECT_EQ(to_string(id), "01a0c450-6c7b-7000-8000-000000000000.7.2");
    EXPECT_EQ(parse_activity_id(to_string(id)), id);
}

TEST(ActivityId, IsRefusedWhereTheTextIsBroken) {
    const std::string workflow = "01a0c450-6c7b-7000-8000-000000000000";
    for (const char* rest : {"", ".7", ".7.", ".7.x", ".-7.0", ".7.0.0", ".7.0 "})
        EXPECT_FALSE(parse_activity_id(workflow + rest)) << rest;
}

TEST(Lane, NamesItsProvider) {
    EXPECT_EQ(provider_of(lane("", "stripe", "default")), "stripe");
    EXPECT_EQ(provider_of(lane("owner", "zoom", "eu")), "zoom");
    EXPECT_EQ(lane("", "stripe", "default").get(), "/stripe/default");
}

TEST(CorrelationKey, IsOnePath) {
    EXPECT_EQ(correlation_key("", "stripe", "default", "payment", "pi_1").get(), "/stripe/default/payment/pi_1");
}

} // namespace
} // namespace appointd::engine
