#pragma once

#include "engine/core/table.hpp"
#include "workflows/booking/data.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace appointd::booking {

/// The names of a booking: its states, what can happen to it, and where its rows are (table.cpp).
struct Booking {
    enum class State {
        none,
        initiated,
        scheduled,
        payment_pending,
        payment_failed,
        confirmed,
        completed,
        abandoned,
        canceled,
        refunded
    };
    // clang-format off
    enum class Event {
        booking_requested,
        slot_taken, slot_moved, slot_moving, slot_canceled, no_show_set, no_show_cleared,
        payment_captured, payment_processing, payment_declined, payment_failed, checkout_expired,
        refund_pending, refund_succeeded, refund_failed, refund_hint,
        dispute_opened, dispute_won, dispute_lost, dispute_noted,
        ledger_settled, ledger_reopened,
        meeting_created, meeting_updated, meeting_deleted, meeting_started, meeting_ended,
        participant_joined, participant_left, recording_completed,
        link_made, link_failed, checkout_made, checkout_failed, expire_answered, expire_failed, look_answered, look_failed,
        meeting_made, meeting_failed, meeting_moved, meeting_move_failed, meeting_removed, meeting_remove_failed,
        meeting_seen, meeting_unseen,
        slot_freed, slot_free_failed, slot_seen, slot_unseen,
        refund_answered, refund_refused, refunds_listed, refunds_unlisted, orphan_found,
        mail_sent, mail_failed, webhook_sent, webhook_failed,
        timer_slot_timeout, timer_deadline, timer_start, timer_reschedule, timer_reminder, timer_completion, timer_reconcile,
        operator_cancel, operator_refund, operator_mark_paid, operator_complete, operator_no_show,
        operator_refunded_elsewhere, operator_resolve, operator_note, operator_retry, operator_skip
    };
    // clang-format on
    using Data = booking::Data;

    static constexpr std::string_view name = "booking";
    static constexpr int version = 1;
    static constexpr std::array<std::string_view, 10> states{"none",           "INITIATED", "SCHEDULED", "PAYMENT_PENDING",
                                                             "PAYMENT_FAILED", "CONFIRMED", "COMPLETED", "ABANDONED",
                                                             "CANCELED",       "REFUNDED"};
    // clang-format off
    static constexpr std::array<std::string_view, 76> events{
        "booking.requested",
        "slot.taken", "slot.moved", "slot.moving", "slot.canceled", "no_show.set", "no_show.cleared",
        "payment.captured", "payment.processing", "payment.declined", "payment.failed", "checkout.expired",
        "refund.pending", "refund.succeeded", "refund.failed", "refund.hint",
        "dispute.opened", "dispute.won", "dispute.lost", "dispute.noted",
        "ledger.settled", "ledger.reopened",
        "meeting.created", "meeting.updated", "meeting.deleted", "meeting.started", "meeting.ended",
        "participant.joined", "participant.left", "recording.completed",
        "link.create.succeeded", "link.create.failed", "checkout.create.succeeded", "checkout.create.failed",
        "checkout.expire.succeeded", "checkout.expire.failed", "checkout.look.succeeded", "checkout.look.failed",
        "meeting.create.succeeded", "meeting.create.failed", "meeting.update.succeeded", "meeting.update.failed",
        "meeting.delete.succeeded", "meeting.delete.failed", "meeting.look.succeeded", "meeting.look.failed",
        "slot.cancel.succeeded", "slot.cancel.failed", "slot.look.succeeded", "slot.look.failed",
        "refund.create.succeeded", "refund.create.failed", "refund.list.succeeded", "refund.list.failed", "orphan.found",
        "mail.send.succeeded", "mail.send.failed", "webhook.send.succeeded", "webhook.send.failed",
        "timer.slot_timeout", "timer.deadline", "timer.start", "timer.reschedule", "timer.reminder", "timer.completion", "timer.reconcile",
        "operator.cancel", "operator.refund", "operator.mark_paid", "operator.complete", "operator.no_show",
        "operator.refunded_elsewhere", "operator.resolve", "operator.note", "operator.retry", "operator.skip"};
    // clang-format on

    static std::span<const engine::Row<Booking>> rows();
    static Data read(std::string_view text) { return booking::read(text); }
    static std::string write(const Data& data) { return booking::write(data); }
    static engine::Verdict screen(engine::Step<Booking>& step);
    static void settle(engine::Step<Booking>& step);
    static std::optional<std::string> attention(const Data& data);
    static std::string search(const Data& data);
    static bool closed(State state, const Data& data);
};

using State = Booking::State;
using Step = engine::Step<Booking>;
using Guard = engine::Guard<Booking>;
using Action = engine::Action<Booking>;

constexpr bool is_dead(State state) { return state >= State::abandoned; }
/// SCHEDULED, PAYMENT_PENDING, PAYMENT_FAILED: a slot is held and money is asked for.
constexpr bool is_unpaid(State state) { return state >= State::scheduled && state <= State::payment_failed; }
constexpr bool is_alive(State state) { return state >= State::initiated && state <= State::confirmed; }

/// What is not at rest yet, so that reconciliation goes on asking.
bool unsettled(State state, const Data& data);

} // namespace appointd::booking
