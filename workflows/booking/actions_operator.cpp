#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

/// Calls opened again: by a person, or by the reconciliation timer.
namespace appointd::booking::act {

void forget_failure(Step& step) { forget_failed_call(step); }

void resolve_flag(Step& step) {
    for (const auto* name : {"flag", "reason"}) {
        const auto reason = text(step, name);
        if (!step.data.flagged(reason)) continue;
        clear_flag(step.data, reason);
        add_once(step.data.settled, reason);
        if (reason == "dispute") settle_prevented(step);
    }
}

namespace {

/// Puts the row that the call was for back to where it was when the call was first made.
void rearm(Step& step, const Call& call) {
    Data& data = step.data;
    if (call.kind == "checkout.create") {
        if (Checkout* checkout = data.checkout(); checkout && checkout->phase == CheckoutPhase::failed)
            checkout->phase = CheckoutPhase::making, checkout->unknown = false;
        clear_flag(data, "checkout_open"); // its answer will tell
    } else if (call.kind == "refund.create") {
        if (Refund* row = money::find_refund(data, call.about); row && row->phase == RefundPhase::failed)
            money::revive(data, *row, RefundPhase::sent);
    } else if (call.kind == "meeting.create") {
        data.meeting.phase = MeetingPhase::making;
        data.meeting.creating = true;
        clear_flag(data, "meeting_left");
    } else if (call.kind == "meeting.update") {
        if (data.meeting.phase == MeetingPhase::live) data.meeting.phase = MeetingPhase::moving;
    } else if (call.kind == "slot.cancel") {
        if (data.slot.phase == SlotPhase::held) data.slot.phase = SlotPhase::releasing;
    } else if (call.kind == "meeting.delete") {
        if (call.about == data.meeting.id)
            data.meeting.phase = MeetingPhase::removing;
        else
            add_once(data.meeting.strays, call.about);
    }
}

/// A call that was used up and is not tried again: as if it had been refused for good.
void give_up(Step& step, const Call& call) {
    Data& data = step.data;
    if (call.kind == "checkout.create") {
        if (Checkout* checkout = data.checkout(); checkout && checkout->phase == CheckoutPhase::making)
            checkout->phase = CheckoutPhase::failed;
        flag_unknown_checkout(step);
    } else if (call.kind == "refund.create") {
        if (Refund* row = money::find_refund(data, call.about); row && row->phase == RefundPhase::sent) {
            money::release(data, *row, RefundPhase::failed);
            raise_flag(step, "refund_failed", "skipped by an operator: " + call.about);
        }
    } else if (call.kind == "meeting.create") {
        data.meeting.creating = false;
        if (data.meeting.phase == MeetingPhase::making) data.meeting.phase = MeetingPhase::none;
        if (data.meeting.id.empty()) flag_unknown_meeting(step);
    } else if (call.kind == "meeting.update") {
        if (data.meeting.phase == MeetingPhase::moving) data.meeting.phase = MeetingPhase::live;
    } else if (call.kind == "meeting.delete") {
        leave_meeting(data, call.about);
    } else if (call.kind == "slot.cancel") {
        if (data.slot.phase == SlotPhase::releasing) data.slot.phase = SlotPhase::held;
    }
}

bool reopen(Step& step, Call& call) {
    const auto id = engine::parse_activity_id(call.activity);
    if (!id || call.reopened) return false;
    step.reopens.push_back(*id);
    call.reopened = true;
    return true;
}

} // namespace

void retry_call(Step& step) {
    Call* call = failed_call(step);
    if (!call || !reopen(step, *call)) return;
    rearm(step, *call);
    remark(step, call->kind + " is tried again");
}

void skip_call(Step& step) {
    if (Call* call = failed_call(step); call && !call->reopened) {
        give_up(step, *call);
        const auto activity = call->activity; // closed already: nobody tries it again; its flag stays for a person
        std::erase_if(step.data.calls, [&](const Call& other) { return other.activity == activity; });
        return;
    }
    if (const auto id = engine::parse_activity_id(text(step, "activity"))) step.skips.push_back(*id);
}

void reconcile(Step& step) {
    constexpr int looks = 8; // what a customer waits for goes first
    Data& data = step.data;
    const auto self = step.input.self;
    for (Call& call : data.calls)
        if (call.exhausted) reopen(step, call);
    const bool invited = step.from == State::initiated && !data.link.empty(); // without a link nobody can have taken a slot
    if (invited || step.from == State::confirmed) ask(step, "slot.look", "calendly", looks, requests::slot_look(self, data));
    if (step.from == State::confirmed && makes_own_meeting(data) && data.meeting.phase == MeetingPhase::live)
        ask(step, "meeting.look", "zoom", looks, requests::meeting_look(self, data, step.input.now));
    std::vector<std::string> sessions;
    for (const Checkout& checkout : data.checkouts)
        if (checkout.phase == CheckoutPhase::open || checkout.phase == CheckoutPhase::expiring)
            add_once(sessions, checkout.session);
    for (const Payment& payment : data.money.payments)
        if (payment.phase == PaymentPhase::processing) add_once(sessions, payment.session);
    for (const std::string& session : sessions)
        ask(step, "checkout.look", "stripe", looks, requests::checkout_look(self, session));
    std::vector<std::string> payments;
    if (step.from == State::confirmed) { // a refund made by hand, whose webhook was lost
        for (const Payment& payment : data.money.payments)
            // Nothing was captured where a promotion covered all of it: Stripe has no payment of that name.
            if (payment.phase == PaymentPhase::captured && payment.captured > 0 && !payment.outside)
                add_once(payments, payment.id);
    }
    for (Refund& row : data.money.refunds) {
        // Stripe spoke of a dispute that we never heard of, or that is over: try again.
        if (row.phase == RefundPhase::held_by_dispute && !money::dispute_open(data, row.payment)) row.phase = RefundPhase::owed;
        if (row.phase == RefundPhase::sent || row.phase == RefundPhase::pending) add_once(payments, row.payment);
    }
    const auto asked = [&data](const std::string& payment) {
        return std::any_of(data.calls.begin(), data.calls.end(), [&](const Call& call) {
            return call.kind == "refund.list" && call.reopened && call.about == payment;
        });
    };
    for (const std::string& payment : payments)
        if (!asked(payment)) ask(step, "refund.list", "stripe", looks, requests::refund_list(self, payment));
    if (is_dead(step.from)) retry_removal(step);
    const bool deleting =
        std::any_of(data.calls.begin(), data.calls.end(), [](const Call& call) { return call.kind == "meeting.delete"; });
    if (!deleting)
        for (const std::string& id : data.meeting.strays)
            ask(step, "meeting.delete", "zoom", 0, requests::meeting_delete(self, id));
    // Looks come at doubling distances; from the slot's start on they are close together again, to see the session.
    const auto& start = data.slot.start;
    const bool first_since_start = start && *start <= step.input.now && (!data.reconciled_at || *data.reconciled_at < *start);
    data.reconciled = first_since_start ? 1 : data.reconciled + 1;
    data.reconciled_at = step.input.now;
}

} // namespace appointd::booking::act
