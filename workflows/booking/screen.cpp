#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>

/// The guards before the table: what is older than what we know, already booked, too early, or not about this booking's things.
namespace appointd::booking {
namespace {

using Event = Booking::Event;
using engine::Verdict;

Verdict go_on() { return {}; }
Verdict ignore(std::string_view reason) { return {Verdict::Kind::ignore, std::string(reason), {}}; }
Verdict defer(std::string_view reason, engine::CorrelationKey key = {}) {
    return {Verdict::Kind::defer, std::string(reason), std::move(key)};
}

Verdict screen_slot(const Step& step) {
    if (step.from == State::none) return go_on();
    const Slot& slot = step.data.slot;
    const auto invitee = text(step, "invitee");
    const bool created = step.event == Event::slot_taken || step.event == Event::slot_moved;
    if (created && ask_if::older_link(step)) return go_on();
    if (contains(slot.superseded, invitee)) return ignore("superseded slot");
    if (!created) {
        if (!slot.invitee.empty() && invitee == slot.next && invitee != slot.invitee)
            return ignore("a reschedule after the session: its slot is in front of a person");
        if (!slot.invitee.empty() && invitee != slot.invitee) return ignore("superseded slot");
        if (step.event == Event::no_show_set && !step.data.met.no_show.empty()) return ignore("already recorded");
        if (step.event == Event::no_show_cleared && step.data.met.no_show.empty()) return ignore("already recorded");
        return go_on();
    }
    if (!invitee.empty() && invitee == slot.invitee) return ignore("already this booking's slot");
    if (step.event == Event::slot_moved && !slot.invitee.empty() && is_alive(step.from)) {
        // The tracking fields are a claim. A reschedule counts by the slot it names; where that one is not known yet, it waits
        // for it.
        const auto old = text(step, "old_invitee");
        const bool known = old == slot.invitee || old == slot.next || contains(slot.superseded, old);
        if (!known)
            return defer("the slot it moved from is not known yet",
                         engine::correlation_key("", "calendly", "default", "invitee", old));
    }
    return go_on();
}

Verdict screen_payment(const Step& step) {
    const Payment* known = money::find_payment(step.data, text(step, "payment"));
    const bool captured = known && known->phase == PaymentPhase::captured;
    switch (step.event) {
    case Event::payment_captured: {
        if (captured) return ask_if::tells_its_session(step) ? go_on() : ignore("already booked");
        // The payment's own event does not say how its total came about; the session's does.
        const bool split = step.data.terms.automatic_tax || step.data.terms.allow_promotion_codes;
        const bool untold = !int_field(step.payload, "subtotal") && text(step, "session").empty();
        if (is_unpaid(step.from) && split && untold && number(step, "amount") != step.data.terms.price)
            return defer("waits for the session, which tells discount and tax");
        return go_on();
    }
    case Event::payment_processing:
        if (known && known->phase == PaymentPhase::failed) return ignore("that payment failed already");
        return known ? ignore("already booked") : go_on();
    case Event::payment_declined:
        if (known && known->phase == PaymentPhase::failed) return ignore("already booked");
        return captured ? ignore("an older attempt of a payment that succeeded") : go_on();
    case Event::payment_failed:
        if (known && known->phase == PaymentPhase::failed) return ignore("already booked");
        return captured ? ignore("an older attempt of a payment that succeeded") : go_on();
    default: return go_on();
    }
}

Verdict screen_expired(const Step& step) {
    const auto session = text(step, "session");
    for (const Checkout& checkout : step.data.checkouts)
        if (checkout.session == session) return checkout.closed() ? ignore("already booked: that checkout is closed") : go_on();
    const Checkout* current = step.data.checkout();
    if (current && current->phase == CheckoutPhase::making) return defer("the answer that names its checkout is not in yet");
    return ignore("not one of this booking's checkouts");
}

Verdict screen_refund(const Step& step) {
    const Payment* payment = money::find_payment(step.data, text(step, "payment"));
    if (!payment || payment->phase != PaymentPhase::captured)
        return defer("payment not known yet", engine::correlation_key("", "stripe", "default", "payment", text(step, "payment")));
    if (step.event == Event::refund_hint) return go_on();
    const Refund* row = money::find_refund_of(step.data, text(step, "our_refund"), text(step, "refund"));
    if (!row) return go_on();
    const bool seen_at_stripe = !row->stripe.empty();
    const bool failed = row->phase == RefundPhase::failed && seen_at_stripe;
    if (failed) return ignore(step.event == Event::refund_failed ? "already booked" : "that refund failed already");
    if (step.event == Event::refund_pending && seen_at_stripe && (row->phase == RefundPhase::pending || row->done()))
        return ignore("already booked");
    if (step.event == Event::refund_succeeded && row->done()) return ignore("already booked");
    return go_on();
}

/// An appeal turns a verdict; the later one counts, in whatever order they come. In the same second a win counts.
bool overrules(const Step& step, const Dispute& dispute) {
    const bool turns = (dispute.phase == DisputePhase::lost && step.event == Event::dispute_won) ||
                       (dispute.phase == DisputePhase::won && step.event == Event::dispute_lost);
    if (!turns) return false;
    if (!dispute.decided_at) return true;
    const auto at = step.input.event.occurred_at;
    return dispute.phase == DisputePhase::lost ? at >= *dispute.decided_at : at > *dispute.decided_at;
}

Verdict screen_dispute(const Step& step) {
    const Payment* payment = money::find_payment(step.data, text(step, "payment"));
    if (!payment || payment->phase != PaymentPhase::captured)
        return defer("payment not known yet", engine::correlation_key("", "stripe", "default", "payment", text(step, "payment")));
    for (const Dispute& dispute : step.data.money.disputes) {
        if (dispute.id != text(step, "dispute")) continue;
        const bool decided = dispute.phase == DisputePhase::won || dispute.phase == DisputePhase::lost;
        if (step.event == Event::dispute_opened && decided) return ignore("that dispute is decided");
        const auto phase = truth(step, "inquiry") ? DisputePhase::inquiry : DisputePhase::open;
        // An inquiry may become a dispute, never the other way round.
        if (step.event == Event::dispute_opened && (dispute.phase == phase || dispute.phase == DisputePhase::open))
            return ignore("already booked");
        if (dispute.phase == DisputePhase::prevented && step.event == Event::dispute_opened)
            return ignore("that dispute was prevented");
        if (dispute.phase == DisputePhase::prevented && step.event == Event::dispute_noted) return ignore("already booked");
        if (decided && !overrules(step, dispute)) return ignore("already booked");
    }
    return go_on();
}

Verdict screen_meeting(const Step& step) {
    const Meeting& meeting = step.data.meeting;
    const auto id = text(step, "meeting");
    const bool current = !id.empty() && id == meeting.id;
    if (step.event == Event::meeting_created) return go_on();
    if (!current) {
        if (contains(meeting.strays, id)) return ignore("a meeting that is being deleted");
        if (contains(meeting.old, id)) return ignore("a meeting that was replaced");
        // Its own create may not have answered yet: a deletion that is faster must not be lost.
        return meeting.creating ? defer("which meeting is ours is not known yet") : ignore("not this booking's meeting");
    }
    const auto uuid = text(step, "uuid");
    for (const Session& session : step.data.met.sessions) {
        if (session.uuid != uuid) continue;
        if (step.event == Event::meeting_started && session.started) return ignore("already recorded");
        if (step.event == Event::meeting_ended && session.ended) return ignore("already recorded");
    }
    return go_on();
}

} // namespace

Verdict Booking::screen(Step& step) {
    switch (step.event) {
    case Event::slot_taken:
    case Event::slot_moved:
    case Event::slot_moving:
    case Event::slot_canceled:
    case Event::no_show_set:
    case Event::no_show_cleared: return screen_slot(step);
    case Event::payment_captured:
    case Event::payment_processing:
    case Event::payment_declined:
    case Event::payment_failed: return screen_payment(step);
    case Event::checkout_expired: return screen_expired(step);
    case Event::refund_pending:
    case Event::refund_succeeded:
    case Event::refund_failed:
    case Event::refund_hint: return screen_refund(step);
    case Event::dispute_opened:
    case Event::dispute_won:
    case Event::dispute_lost:
    case Event::dispute_noted: return screen_dispute(step);
    case Event::meeting_created:
    case Event::meeting_updated:
    case Event::meeting_deleted:
    case Event::meeting_started:
    case Event::meeting_ended:
    case Event::participant_joined:
    case Event::participant_left:
    case Event::recording_completed: return screen_meeting(step);
    default: return go_on();
    }
}

} // namespace appointd::booking
