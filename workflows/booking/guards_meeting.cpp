#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"

#include <algorithm>

namespace appointd::booking::ask_if {
namespace {

std::string made(const Step& step) { return text_or_empty(result(step), "meeting"); }
bool there(const Meeting& meeting) { return meeting.phase == MeetingPhase::live || meeting.phase == MeetingPhase::moving; }
std::optional<Time> to_the_second(const std::optional<Time>& time) {
    if (!time) return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(*time);
}

} // namespace

bool same_meeting(const Step& step) {
    const auto id = text(step, "meeting");
    return !id.empty() &&
           (id == step.data.meeting.id || contains(step.data.meeting.strays, id) || contains(step.data.meeting.old, id));
}
bool restored(const Step& step) {
    const Meeting& meeting = step.data.meeting;
    const auto id = text(step, "meeting"), via = text(step, "via");
    const bool current = !id.empty() && id == meeting.id;
    const bool was_deleted = current ? meeting.phase == MeetingPhase::gone : contains(meeting.old, id);
    const bool being_deleted = current ? meeting.phase == MeetingPhase::removing : contains(meeting.strays, id);
    // A look may have seen it just before our deletion; Zoom tells of a restoration only after one.
    return (was_deleted && (via == "look" || via == "meeting.recovered")) || (being_deleted && via == "meeting.recovered");
}
bool returns_to_us(const Step& step) {
    return restored(step) && text(step, "meeting") == step.data.meeting.id && makes_own_meeting(step.data) &&
           step.data.slot.phase == SlotPhase::held && !step.data.meeting.creating;
}
bool adoptable(const Step& step) {
    return makes_own_meeting(step.data) && step.data.meeting.phase == MeetingPhase::making && step.data.meeting.id.empty();
}
bool made_same(const Step& step) { return !made(step).empty() && made(step) == step.data.meeting.id; }
bool made_gone(const Step& step) { return contains(step.data.meeting.old, made(step)); }
bool made_other(const Step& step) { return there(step.data.meeting) && !made_same(step); }
bool made_known(const Step& step) {
    return made_gone(step) || contains(step.data.meeting.strays, made(step)) ||
           (made_same(step) && step.data.meeting.phase >= MeetingPhase::removing);
}
bool removing(const Step& step) { return step.data.meeting.phase == MeetingPhase::removing; }
bool can_remake(const Step& step) {
    return makes_own_meeting(step.data) && step.data.meeting.remade == 0 && step.data.slot.end &&
           step.input.now < *step.data.slot.end;
}
bool after_slot(const Step& step) { return step.data.slot.end && moment(step) >= *step.data.slot.end; }
namespace {
/// Neither where the slot is nor where we last asked for, and not from before we asked.
bool elsewhere(const Step& step) {
    const auto start = time_field(step.payload, "start");
    const bool older = step.data.meeting.asked_at && step.input.event.occurred_at < *step.data.meeting.asked_at;
    return start && !older && to_the_second(start) != to_the_second(step.data.slot.start) &&
           to_the_second(start) != to_the_second(step.data.meeting.asked);
}
} // namespace
bool moved_by_hand(const Step& step) { return step.data.meeting.phase == MeetingPhase::live && elsewhere(step); }
bool moved_meanwhile(const Step& step) { return step.data.meeting.phase == MeetingPhase::moving && elsewhere(step); }
bool moved_back(const Step& step) {
    const auto start = time_field(step.payload, "start");
    const auto& flags = step.data.flags;
    const auto flag = std::find_if(flags.begin(), flags.end(), [](const Flag& open) { return open.reason == "meeting_moved"; });
    // The echo of our own move may come after the news of a later move by hand.
    const bool newer = flag != flags.end() && step.input.event.occurred_at > flag->since;
    return start && newer && to_the_second(start) == to_the_second(step.data.slot.start);
}
bool rehearsal(const Step& step) {
    const auto ended = time_field(step.payload, "ended").value_or(moment(step));
    return step.data.slot.start && ended < *step.data.slot.start;
}
bool not_over(const Step& step) {
    return rehearsal(step) || step.data.slot.phase == SlotPhase::moving || step.data.terms.completion == "clock";
}
bool not_there(const Step& step) {
    return !bool_field(result(step), "found").value_or(true) && text_or_empty(request(step), "meeting") == step.data.meeting.id;
}
bool still_moving(const Step& step) {
    return step.data.meeting.phase == MeetingPhase::moving && text_or_empty(request(step), "meeting") == step.data.meeting.id;
}
bool link_wanted(const Step& step) {
    return (makes_own_meeting(step.data) || takes_calendly_link(step.data)) && step.data.meeting.join_url.empty();
}
bool never_live(const Step& step) { return link_wanted(step) && !session_held(step); }
bool session_open(const Step& step) {
    const auto& sessions = step.data.met.sessions;
    const bool open = std::any_of(sessions.begin(), sessions.end(), [](const Session& s) { return s.started && !s.ended; });
    return open && step.data.slot.end && step.input.now < *step.data.slot.end + std::chrono::hours(4);
}
bool orphan_meeting(const Step& step) {
    const auto id = made(step);
    return text(step, "kind") == "meeting.create" && !id.empty() && id != step.data.meeting.id &&
           !contains(step.data.meeting.strays, id) && !contains(step.data.meeting.old, id);
}
bool orphan_checkout(const Step& step) {
    const auto session = text_or_empty(result(step), "session");
    const auto n = int_field(request(step), "n").value_or(0);
    return text(step, "kind") == "checkout.create" && !session.empty() &&
           std::none_of(step.data.checkouts.begin(), step.data.checkouts.end(), [&](const Checkout& checkout) {
               const bool answer_comes = checkout.phase == CheckoutPhase::making && checkout.n == n; // and names the same
               return checkout.session == session || answer_comes;
           });
}
bool orphan_refund(const Step& step) {
    return text(step, "kind") == "refund.create" && !text_or_empty(result(step), "refund").empty();
}

} // namespace appointd::booking::ask_if
