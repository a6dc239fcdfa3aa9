#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"

#include <algorithm>
#include <string>

namespace appointd::booking::act {
namespace {

void end(Step& step, std::string_view why, std::string_view by = {}) {
    step.data.ended = Ended{.why = std::string(why), .by = std::string(by), .refund = {}, .at = moment(step)};
}

} // namespace

void end_no_slot(Step& step) { end(step, "no_slot"); }
void end_no_payment(Step& step) { end(step, "no_payment"); }
void end_undecided(Step& step) { end(step, "undecided_money"); }
void end_canceled(Step& step) { end(step, "canceled", text(step, "by")); }
void end_by_operator(Step& step) { end(step, "canceled", "operator"); }
void end_returned(Step& step) { end(step, "refunded"); }
void end_dispute_lost(Step& step) { end(step, "dispute_lost"); }
void revive(Step& step) {
    step.data.ended.reset();
    // A slot that could not be released is held by right again: nobody may free it any more.
    drop_failed_calls(step, "slot.cancel");
    clear_flag(step.data, "slot_held");
    clear_flag(step.data, "seat_held");
}

namespace {

/// Calls that would bring what nobody wants any more, and e-mails about it. A create that was used up is closed, and nobody opens
/// it again: it may have landed unseen.
void forget_wishes(Step& step) {
    bool unknown = false;
    for (const Call& call : step.data.calls)
        if (call.kind == "meeting.create" && !call.reopened) {
            step.data.meeting.creating = false;
            unknown = unknown || call.exhausted;
        }
    MeetingPhase& phase = step.data.meeting.phase;
    if (phase == MeetingPhase::making && !step.data.meeting.creating) phase = MeetingPhase::none;
    for (const auto* kind : {"link.create", "meeting.create", "meeting.update", "mail.send"}) drop_failed_calls(step, kind);
    if (unknown && is_dead(step.to)) flag_unknown_meeting(step);
}

/// A checkout whose create was used up may stand at Stripe: reconciliation asks again, and a person sees it until then.
bool checkout_unknown(const Data& data) {
    return std::any_of(data.calls.begin(), data.calls.end(),
                       [](const Call& call) { return call.kind == "checkout.create" && call.exhausted; });
}

} // namespace

void stop(Step& step) {
    std::erase_if(step.timers, [](const auto& timer) { return timer.first != "reconcile"; });
    step.data.slot.next.clear();
    forget_wishes(step);
    if (!checkout_unknown(step.data)) clear_flag(step.data, "checkout_failed");
    for (const auto* moot : {"link_failed", "meeting_failed", "meeting_move_failed", "meeting_moved", "meeting_deleted",
                             "no_meeting", "reschedule_lost", "too_many_reschedules", "canceled_after_start"})
        clear_flag(step.data, moot);
}

// Windows and timers of the living.

void open_window(Step& step) {
    const auto& slot = step.data.slot;
    auto deadline = step.input.now + seconds(step.data.terms.payment_window_seconds);
    if (slot.start && *slot.start < deadline) deadline = *slot.start;
    step.data.deadline = deadline;
    step.set_timer("deadline", deadline);
    if (slot.start) step.set_timer("start", *slot.start);
}

void hold_for_operator(Step& step) {
    if (step.data.slot.start) step.set_timer("start", *step.data.slot.start);
}

void narrow_window(Step& step) {
    const auto& start = step.data.slot.start;
    if (!start) return;
    step.set_timer("start", *start);
    if (step.data.deadline && *start < *step.data.deadline) {
        step.data.deadline = *start;
        if (step.timers.contains("deadline")) step.set_timer("deadline", *start);
    }
}

void deadline_off(Step& step) {
    step.drop_timer("deadline");
    if (step.data.slot.start && step.data.slot.phase == SlotPhase::held) step.set_timer("start", *step.data.slot.start);
}

void rearm_window(Step& step) {
    if (step.data.deadline && step.input.now < *step.data.deadline) step.set_timer("deadline", *step.data.deadline);
}

void set_session_timers(Step& step) {
    hold_session_timers(step);
    step.drop_timer("deadline");
    const auto& slot = step.data.slot;
    if (slot.phase != SlotPhase::held || !slot.start || !slot.end) return;
    if (*slot.start > step.input.now) step.set_timer("start", *slot.start);
    step.set_timer("completion", *slot.end + seconds(step.data.terms.completion_grace_seconds));
    for (std::size_t k = 0; k < step.data.terms.reminders_seconds.size() && k < 8; ++k) {
        const auto at = *slot.start - seconds(step.data.terms.reminders_seconds[k]);
        if (at > step.input.now) step.set_timer("reminder." + std::to_string(k), at);
    }
}

void hold_session_timers(Step& step) {
    std::erase_if(step.timers, [](const auto& timer) {
        return timer.first == "start" || timer.first == "completion" || timer.first.starts_with("reminder.");
    });
}

void session_over(Step& step) {
    hold_session_timers(step);
    step.drop_timer("reschedule");
    forget_wishes(step);
    close_checkouts(step);
    // Where a move under way ends up matters to nobody any more.
    if (step.data.meeting.phase == MeetingPhase::moving) step.data.meeting.phase = MeetingPhase::live;
}

void ask_completion_again(Step& step) {
    step.set_timer("completion", step.input.now + std::max(seconds(60), seconds(step.data.terms.completion_grace_seconds)));
}

void flag_no_meeting(Step& step) { raise_flag(step, "no_meeting", "the slot began and there is no join link"); }

} // namespace appointd::booking::act
