#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

namespace appointd::booking::act {
namespace {

bool same_second(const std::optional<Time>& left, const std::optional<Time>& right) {
    if (!left || !right) return left.has_value() == right.has_value();
    return std::chrono::floor<std::chrono::seconds>(*left) == std::chrono::floor<std::chrono::seconds>(*right);
}

void live(Step& step) {
    step.data.meeting.phase = MeetingPhase::live;
    for (const auto* solved : {"meeting_failed", "no_meeting", "meeting_deleted"}) clear_flag(step.data, solved);
    // The clock that completes it may have rung in vain while there was no meeting: nobody else would ring it again.
    const Slot& slot = step.data.slot;
    if (step.from == State::confirmed && slot.phase == SlotPhase::held && slot.end && !step.timers.contains("completion"))
        step.set_timer("completion", std::max(*slot.end, step.input.now) + seconds(step.data.terms.completion_grace_seconds));
}

void remove(Step& step, std::string_view id) {
    ask(step, "meeting.delete", "zoom", 0, requests::meeting_delete(step.input.self, id));
}

void forget_meeting(Meeting& meeting) {
    if (!contains(meeting.strays, meeting.id)) add_once(meeting.old, meeting.id);
    constexpr std::size_t remembered = 10;
    if (meeting.old.size() > remembered) meeting.old.erase(meeting.old.begin());
    meeting.id.clear();
    meeting.join_url.clear();
    meeting.lost_link.clear();
    meeting.start.reset();
    meeting.running = false;
}

void stray(Step& step, const std::string& id) {
    Meeting& meeting = step.data.meeting;
    if (contains(meeting.strays, id) || contains(meeting.old, id)) return;
    meeting.strays.push_back(id);
    bind_meeting(step, id);
    remove(step, id);
}

void use_calendly_link(Step& step) {
    Meeting& meeting = step.data.meeting;
    const Slot& slot = step.data.slot;
    if (!meeting.id.empty()) { // the slot moved to a place where Calendly makes the meeting: ours goes
        const auto ours = meeting.id;
        if (meeting.phase != MeetingPhase::gone) stray(step, ours);
        forget_meeting(meeting);
    }
    meeting.join_url = slot.join_url;
    meeting.start = slot.start;
    if (!slot.join_url.empty()) return live(step);
    meeting.phase = MeetingPhase::none; // Calendly fills the link in a little later: ask again
    ask(step, "slot.look", "calendly", 5, requests::slot_look(step.input.self, step.data));
}

} // namespace

void meet(Step& step) {
    Meeting& meeting = step.data.meeting;
    if (step.data.slot.phase != SlotPhase::held) return; // moving: when it lands
    if (takes_calendly_link(step.data)) return use_calendly_link(step);
    if (!makes_own_meeting(step.data)) return;
    if (meeting.phase == MeetingPhase::live || meeting.phase == MeetingPhase::moving) return;
    if (!meeting.id.empty()) forget_meeting(meeting);
    meeting.phase = MeetingPhase::making;
    if (meeting.creating) return; // its outcome decides; a second create could make a twin
    drop_failed_calls(step, "meeting.create");
    meeting.creating = ask(step, "meeting.create", "zoom", 5, requests::meeting_create(step.input.self, step.data));
    meeting.asked = step.data.slot.start;
    meeting.asked_at = step.input.now;
}

void move_meeting(Step& step) {
    Meeting& meeting = step.data.meeting;
    if (step.data.slot.phase != SlotPhase::held) return;
    if (!makes_own_meeting(step.data)) return meet(step);
    if (meeting.id.empty() && !meeting.creating) { // the link was Calendly's, and its new place is not
        meeting.phase = MeetingPhase::none;
        meeting.join_url.clear();
    }
    if (meeting.phase == MeetingPhase::moving || meeting.phase == MeetingPhase::making)
        return meet(step); // compared when the answer comes
    if (meeting.phase != MeetingPhase::live) return meet(step);
    if (same_second(meeting.start, step.data.slot.start)) return;
    drop_failed_calls(step, "meeting.update");
    if (!ask(step, "meeting.update", "zoom", 5, requests::meeting_update(step.input.self, step.data))) return;
    meeting.phase = MeetingPhase::moving;
    meeting.asked = step.data.slot.start;
    meeting.asked_at = step.input.now;
}

void unmeet(Step& step) {
    Meeting& meeting = step.data.meeting;
    if (makes_own_meeting(step.data) || !meeting.id.empty()) {
        if (!meeting.id.empty() && (meeting.phase == MeetingPhase::live || meeting.phase == MeetingPhase::moving)) {
            remove(step, meeting.id);
            meeting.phase = MeetingPhase::removing;
        }
        if (meeting.phase == MeetingPhase::making && !meeting.creating) meeting.phase = MeetingPhase::none;
        return;
    }
    if (meeting.phase == MeetingPhase::live) meeting.phase = MeetingPhase::gone; // Calendly's own link: it ends with the slot
}

void adopt_created(Step& step) {
    Meeting& meeting = step.data.meeting;
    meeting.id = text(step, "meeting");
    meeting.join_url = text(step, "join_url");
    meeting.start = time_field(step.payload, "start");
    if (!meeting.start) meeting.start = meeting.asked;
    bind_meeting(step, meeting.id);
    live(step);
    move_meeting(step);
}

void take_back(Step& step) {
    const auto link = step.data.meeting.lost_link; // Zoom restores a meeting with its link, and does not tell it
    adopt_created(step);
    step.data.meeting.lost_link.clear();
    if (step.data.meeting.join_url.empty()) step.data.meeting.join_url = link;
}

void adopt_made(Step& step) {
    forget_failed_call(step);
    Meeting& meeting = step.data.meeting;
    meeting.creating = false;
    meeting.id = text_or_empty(result(step), "meeting");
    meeting.join_url = text_or_empty(result(step), "join_url");
    meeting.start = time_field(result(step), "start");
    if (!meeting.start) meeting.start = meeting.asked;
    bind_meeting(step, meeting.id);
    live(step);
    move_meeting(step);
}

void confirm_made(Step& step) {
    forget_failed_call(step);
    Meeting& meeting = step.data.meeting;
    meeting.creating = false;
    const bool there = meeting.phase == MeetingPhase::live || meeting.phase == MeetingPhase::moving;
    if (const auto url = text_or_empty(result(step), "join_url"); there && !url.empty()) meeting.join_url = url;
    bind_meeting(step, meeting.id);
}

void made_but_gone(Step& step) {
    forget_failed_call(step);
    step.data.meeting.creating = false;
    if (step.data.meeting.phase == MeetingPhase::making) step.data.meeting.phase = MeetingPhase::none;
    if (step.from == State::confirmed) meet(step);
}

void delete_other(Step& step) {
    auto id = text(step, "meeting");
    if (id.empty()) id = text_or_empty(result(step), "meeting"); // an orphan names it in its result
    if (!id.empty()) stray(step, id);
}

void delete_restored(Step& step) {
    Meeting& meeting = step.data.meeting;
    const auto id = text(step, "meeting");
    bind_meeting(step, id);
    remove(step, id);
    if (id == meeting.id) {
        meeting.phase = MeetingPhase::removing;
        return;
    }
    std::erase(meeting.old, id);
    add_once(meeting.strays, id);
}

void delete_made(Step& step) {
    forget_failed_call(step);
    step.data.meeting.creating = false;
    if (step.data.meeting.phase == MeetingPhase::making) step.data.meeting.phase = MeetingPhase::none;
    if (const auto id = text_or_empty(result(step), "meeting"); !id.empty()) stray(step, id);
}

void meeting_not_made(Step& step) {
    if (step.data.meeting.phase == MeetingPhase::live || step.data.meeting.phase == MeetingPhase::moving) {
        step.data.meeting.creating = false; // Zoom's own event told us of it before
        forget_failed_call(step);
        return;
    }
    note_failed_call(step, "meeting.create", "meeting_failed");
    if (truth(step, "skipped")) flag_unknown_meeting(step);
    if (truth(step, "exhausted")) return; // it may yet exist: the same call is opened again, never another one
    Meeting& meeting = step.data.meeting;
    meeting.creating = false;
    if (meeting.phase == MeetingPhase::making) meeting.phase = MeetingPhase::none;
}

void flag_unknown_meeting(Step& step) {
    raise_flag(step, "meeting_left", "nobody asks any more whether it was made: a meeting may stand at Zoom");
}

void meeting_moved(Step& step) {
    forget_failed_call(step);
    clear_flag(step.data, "meeting_move_failed");
    clear_flag(step.data, "meeting_moved");
    Meeting& meeting = step.data.meeting;
    meeting.phase = MeetingPhase::live;
    if (bool_field(result(step), "running").value_or(false)) { // people are in it: it is moved when it ends
        meeting.running = true;
        return;
    }
    const auto asked = meeting.asked;
    const auto answered = time_field(result(step), "start");
    meeting.start = answered ? answered : asked;
    if (same_second(meeting.start, step.data.slot.start)) return;
    // A start in the past is answered with success and ignored: asking once more would change nothing.
    if (same_second(asked, step.data.slot.start))
        raise_flag(step, "meeting_move_failed", "Zoom kept another start");
    else
        move_meeting(step);
}

void meeting_lost(Step& step) {
    forget_failed_call(step);
    step.data.meeting.phase = MeetingPhase::gone;
    meet(step);
}

void meeting_not_moved(Step& step) {
    note_failed_call(step, "meeting.update", "meeting_move_failed");
    if (!truth(step, "exhausted") && step.data.meeting.phase == MeetingPhase::moving)
        step.data.meeting.phase = MeetingPhase::live;
}

void meeting_removed(Step& step) {
    forget_failed_call(step);
    Meeting& meeting = step.data.meeting;
    const auto id = text_or_empty(request(step), "meeting");
    const bool running = text_or_empty(result(step), "done") == "running";
    if (id == meeting.id && meeting.phase == MeetingPhase::removing) {
        meeting.running = running;
        if (!running) meeting.phase = MeetingPhase::gone;
    } else if (!running) {
        std::erase(meeting.strays, id);
        add_once(meeting.old, id);
    }
}

void meeting_not_removed(Step& step) {
    note_failed_call(step, "meeting.delete", "meeting_left");
    if (truth(step, "exhausted")) return; // opened again by reconciliation
    leave_meeting(step.data, text_or_empty(request(step), "meeting"));
}

void leave_meeting(Data& data, const std::string& id) {
    if (id == data.meeting.id) {
        if (data.meeting.phase == MeetingPhase::removing) data.meeting.phase = MeetingPhase::gone;
        return;
    }
    std::erase(data.meeting.strays, id);
    add_once(data.meeting.old, id);
}

void remake(Step& step) {
    step.data.meeting.remade += 1;
    step.data.meeting.phase = MeetingPhase::gone;
    meet(step);
}

void meeting_gone(Step& step) {
    Meeting& meeting = step.data.meeting;
    meeting.phase = MeetingPhase::gone;
    if (step.from == State::confirmed) meeting.lost_link = meeting.join_url;
    meeting.join_url.clear();
    meeting.running = false;
    drop_failed_calls(step, "meeting.delete", meeting.id); // another that was left is still there
}

void flag_meeting_moved(Step& step) {
    raise_flag(step, "meeting_moved", "moved inside Zoom to " + text(step, "start") + ", not to the slot's start");
}
void clear_meeting_moved(Step& step) { clear_flag(step.data, "meeting_moved"); }
void flag_meeting_deleted(Step& step) { raise_flag(step, "meeting_deleted", "deleted inside Zoom; it is made again only once"); }
void flag_used_after_cancel(Step& step) { raise_flag(step, "used_after_cancel", "people met in a meeting that was called off"); }

// Who met.

void record_start(Step& step) {
    auto& sessions = step.data.met.sessions;
    const auto uuid = text(step, "uuid");
    const auto known =
        std::find_if(sessions.begin(), sessions.end(), [&](const Session& session) { return session.uuid == uuid; });
    if (known != sessions.end()) { // its end came first
        if (!known->started) known->started = moment(step);
        return;
    }
    constexpr std::size_t remembered = 20;
    if (sessions.size() >= remembered) sessions.erase(sessions.begin());
    sessions.push_back({uuid, moment(step), std::nullopt});
}

void record_end(Step& step) {
    auto& sessions = step.data.met.sessions;
    const auto uuid = text(step, "uuid");
    auto known = std::find_if(sessions.begin(), sessions.end(), [&](const Session& session) { return session.uuid == uuid; });
    if (known == sessions.end())
        known = sessions.insert(sessions.end(), {uuid, time_field(step.payload, "started"), std::nullopt});
    known->ended = time_field(step.payload, "ended").value_or(moment(step));
    retry_removal(step);
    Meeting& meeting = step.data.meeting; // a move that had to wait for the end
    if (step.from == State::confirmed && meeting.running && meeting.phase == MeetingPhase::live) {
        meeting.running = false;
        move_meeting(step);
    }
}

void record_join(Step& step) {
    if (step.event == Booking::Event::participant_joined && !truth(step, "host")) step.data.met.joined += 1;
}

void record_recording(Step& step) {
    if (auto url = text(step, "share_url"); !url.empty()) step.data.met.recording = std::move(url);
}

void retry_removal(Step& step) {
    Meeting& meeting = step.data.meeting;
    if (meeting.phase != MeetingPhase::removing || !meeting.running) return;
    meeting.running = false;
    remove(step, meeting.id);
}

} // namespace appointd::booking::act
