#include "adapters/zoom/translation.hpp"
#include "tests/integration/adapters/zoom_fake.hpp"
#include "workflows/reconciliation/instance.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::IsEmpty;

class ZoomSweep : public ZoomTest {
protected:
    engine::AttemptResult page(std::string_view cursor = "") {
        return carry_out("zoom.meetings.list",
                         *parse_object(reconciliation::list_request(clock.now() - 1h, clock.now(), cursor)));
    }
    std::optional<std::string> next(const engine::AttemptResult& result) { return text_field(facts(result), "next"); }
};

TEST_F(ZoomSweep, MeetingWithABookingsMarkIsToldToItOnce) {
    fake.add(booking_id, slot, "2026-11-20T09:30:00Z");
    fake.add("", slot, "2026-11-20T09:30:00Z");
    const auto result = page();
    ASSERT_EQ(result.learned.size(), 1u);
    const auto& found = result.learned.front();
    EXPECT_EQ(found.event.type, "meeting.created");
    EXPECT_EQ(found.event.source, "reconcile");
    EXPECT_EQ(parse_object(found.event.payload)->at("marker"), json::value(booking_id));
    EXPECT_EQ(found.address.targets.back(), engine::Target(*engine::parse_workflow_id(booking_id)));
    EXPECT_EQ(page().learned.front().event.id, found.event.id);
}

TEST_F(ZoomSweep, MeetingOfAnEarlierWindowIsNotToldAgain) {
    fake.add(booking_id, slot, "2026-11-20T08:00:00Z");
    EXPECT_THAT(page().learned, IsEmpty());
}

TEST_F(ZoomSweep, EveryPageIsRead) {
    for (int i = 0; i < 5; ++i) fake.add(booking_id, slot, "2026-11-20T09:30:00Z");
    std::size_t told = 0;
    std::string cursor;
    for (int pages = 0; pages < 10; ++pages) {
        const auto result = page(cursor);
        told += result.learned.size();
        const auto following = next(result);
        if (!following) break;
        cursor = *following;
    }
    EXPECT_EQ(told, 5u);
}

TEST_F(ZoomSweep, TroubleIsLeftToTheNextTurn) {
    for (const int status : {404, 500, 403}) {
        fake.fault("/meetings", Fake::Mishap::answer, ZoomFake::error(status, 1, "no"));
        const auto result = page();
        EXPECT_EQ(result.kind, Kind::failed) << status;
        EXPECT_TRUE(result.provider_ok);
    }
    for (const auto* body : {"[]", "<html>", R"({"meetings":7})"}) {
        fake.fault("/meetings", Fake::Mishap::answer, {200, {{"Content-Type", "application/json"}}, body});
        EXPECT_EQ(page().kind, Kind::failed) << body;
    }
    fake.fault("/meetings", Fake::Mishap::answer,
               json_response(200, json::object{{"meetings", json::array{7, nullptr, json::object{{"id", json::array{}}}}}}));
    EXPECT_THAT(page().learned, IsEmpty());
}

} // namespace
} // namespace appointd::adapters::tests
