#include "tests/unit/booking/desk.hpp"

#include <algorithm>

/// Reschedules of reschedules whose events come in any order, or not at all.
namespace appointd::booking::testing {

struct ChainStory : Desk {};

TEST_F(ChainStory, ChainThatComesBackwardsIsOneBookingWhicheverPartIsMissing) {
    const std::vector<std::vector<int>> orders{{3, 2, 1}, {3, 1, 2}, {2, 3, 1}, {3, 1}, {1, 3, 2}, {3, 2, 1, 2, 1}};
    for (const auto& order : orders) {
        desk = Fold(monday);
        request();
        for (const int n : order) {
            json::object payload = slot(n, slot_start + n * 24h);
            payload["created_at"] = to_iso(monday + n * 1min);
            if (n > 1) payload["old_invitee"] = invitee_uri(n - 1);
            const Told told = desk.send(n > 1 ? "slot.moved" : "slot.taken", std::move(payload), "calendly");
            EXPECT_NE(told.disposition, "elsewhere") << n;
        }
        EXPECT_EQ(desk.data().slot.invitee, invitee_uri(3));
        EXPECT_EQ(desk.data().slot.start, slot_start + 72h);
        const auto missing = order.size() == 2 ? std::vector<std::string>{invitee_uri(2)} : std::vector<std::string>{};
        EXPECT_EQ(desk.data().slot.unseen, missing);
        for (const int n : {1, 2})
            if (std::find(order.begin(), order.end(), n) != order.end()) {
                EXPECT_TRUE(desk.bound(invitee_uri(n))) << "its own cancellation finds the booking: " << n;
                EXPECT_EQ(moving(n, n + 1).reason, "superseded slot");
            }
        desk.expect_replay();
    }
}

TEST_F(ChainStory, OlderSlotThatOnlyBearsTheClaimIsSomebodyElses) {
    book();
    auto payload = slot(7);
    payload["created_at"] = to_iso(monday - 1min);
    EXPECT_EQ(desk.send("slot.taken", payload, "calendly").disposition, "elsewhere") << "no part of the chain is missing";
}

} // namespace appointd::booking::testing
