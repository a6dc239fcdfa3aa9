#include "engine/core/table.hpp"
#include "workflows/booking/definition.hpp"
#include "workflows/booking/kind.hpp"

#include <gtest/gtest.h>

#include <set>

namespace appointd::booking {

namespace {

// A state or an event that is added without its name and its decided cells stops the build here (-Wswitch is an error): add it
// below last, when EveryCellIsDecided passes.
// clang-format off
constexpr bool is_decided(State state) {
    using enum State;
    switch (state) {
    case none: case initiated: case scheduled: case payment_pending: case payment_failed: case confirmed: case completed: case abandoned: case canceled: case refunded: return true;
    }
    return false;
}
constexpr bool is_decided(Booking::Event event) {
    using enum Booking::Event;
    switch (event) {
    case booking_requested: case slot_taken: case slot_moved: case slot_moving: case slot_canceled:
    case no_show_set: case no_show_cleared: case payment_captured: case payment_processing: case payment_declined:
    case payment_failed: case checkout_expired: case refund_pending: case refund_succeeded: case refund_failed:
    case refund_hint: case dispute_opened: case dispute_won: case dispute_lost: case dispute_noted:
    case ledger_settled: case ledger_reopened: case meeting_created: case meeting_updated: case meeting_deleted:
    case meeting_started: case meeting_ended: case participant_joined: case participant_left: case recording_completed:
    case link_made: case link_failed: case checkout_made: case checkout_failed: case expire_answered:
    case expire_failed: case look_answered: case look_failed: case meeting_made: case meeting_failed:
    case meeting_moved: case meeting_move_failed: case meeting_removed: case meeting_remove_failed: case meeting_seen:
    case meeting_unseen: case slot_freed: case slot_free_failed: case slot_seen: case slot_unseen:
    case refund_answered: case refund_refused: case refunds_listed: case refunds_unlisted: case orphan_found:
    case mail_sent: case mail_failed: case webhook_sent: case webhook_failed: case timer_slot_timeout:
    case timer_deadline: case timer_start: case timer_reschedule: case timer_reminder: case timer_completion:
    case timer_reconcile: case operator_cancel: case operator_refund: case operator_mark_paid: case operator_complete:
    case operator_no_show: case operator_refunded_elsewhere: case operator_resolve: case operator_note: case operator_retry:
    case operator_skip: return true;
    }
    return false;
}
// clang-format on

} // namespace

TEST(BookingTable, EveryCellIsDecided) {
    for (const std::string& fault : engine::faults_of_table<Booking>()) ADD_FAILURE() << fault;
}

TEST(BookingTable, EveryRowSaysWhy) {
    for (const auto& row : Booking::rows()) EXPECT_FALSE(row.reason.empty()) << engine::name_of<Booking>(row.event);
}

TEST(BookingTable, HasAnEventForEveryName) {
    for (std::size_t i = 0; i < Booking::events.size(); ++i)
        EXPECT_TRUE(is_decided(static_cast<Booking::Event>(i))) << Booking::events[i];
    for (std::size_t i = 0; i < Booking::states.size(); ++i) EXPECT_TRUE(is_decided(static_cast<State>(i))) << Booking::states[i];
    EXPECT_EQ(Booking::events.size(), static_cast<std::size_t>(Booking::Event::operator_skip) + 1);
    EXPECT_EQ(std::set<std::string_view>(Booking::events.begin(), Booking::events.end()).size(), Booking::events.size());
    EXPECT_EQ(Booking::states.size(), static_cast<std::size_t>(State::refunded) + 1);
}

TEST(BookingTable, NoGuardIsAskedTwiceInACell) {
    for (std::size_t state = 0; state < Booking::states.size(); ++state)
        for (std::size_t event = 0; event < Booking::events.size(); ++event) {
            std::set<std::string_view> guards;
            for (const auto* row : engine::rows_of<Booking>(static_cast<State>(state), static_cast<Booking::Event>(event)))
                EXPECT_TRUE(guards.insert(row->guard.name).second)
                    << Booking::states[state] << " x " << Booking::events[event] << ": " << row->guard.name << " twice";
        }
}

} // namespace appointd::booking
