#include "workflows/booking/actions.hpp"
#include "workflows/booking/data_read.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/requests.hpp"

#include "foundation/digest.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::booking::act {
namespace {

void read_terms_of(Step& step) {
    if (const auto* terms = object_field(step.payload, "terms")) step.data.terms = read_terms(*terms);
    if (step.data.terms.session_type.empty()) step.data.terms.session_type = text(step, "session_type");
}

void take(std::string& into, const Step& step, std::string_view name) {
    if (auto value = text_field(step.payload, name)) into = std::move(*value);
}

/// What an event names as its slot's predecessor is replaced, seen or not.
void supersede_named(Step& step) {
    Slot& slot = step.data.slot;
    const auto old = text(step, "old_invitee");
    if (old.empty() || old == slot.invitee || contains(slot.superseded, old)) return;
    slot.superseded.push_back(old);
    slot.unseen.push_back(old);
}

/// The slot as the event tells it; what belongs to the booking (history of reschedules) stays.
void fill_slot(Step& step) {
    Slot& slot = step.data.slot;
    slot.phase = SlotPhase::held;
    slot.event = text(step, "event");
    slot.timezone = text(step, "timezone");
    slot.cancel_url = text(step, "cancel_url");
    slot.reschedule_url = text(step, "reschedule_url");
    slot.start = time_field(step.payload, "start");
    slot.end = time_field(step.payload, "end");
    slot.created_at = time_field(step.payload, "created_at");
    slot.group = truth(step, "group");
    slot.location.clear();
    slot.join_url.clear();
    if (const auto* location = object_field(step.payload, "location")) {
        slot.location = text_or_empty(*location, "type");
        slot.join_url = text_or_empty(*location, "join_url");
    }
    slot.next.clear();
    slot.moving_since.reset();
    if (!slot.end && slot.start) slot.end = *slot.start + seconds(step.data.terms.duration_seconds);
    slot.invitee = text(step, "invitee");
    bind_invitee(step, slot.invitee);
    take(step.data.name, step, "name");
    take(step.data.email, step, "email");
    clear_flag(step.data, "reschedule_lost");
}

} // namespace

void begin(Step& step) {
    read_terms_of(step);
    Data& data = step.data;
    if (const auto* invitee = object_field(step.payload, "invitee")) {
        data.name = text_or_empty(*invitee, "name");
        data.email = text_or_empty(*invitee, "email");
    }
    data.page_key = text(step, "page_key");
    if (const auto* metadata = object_field(step.payload, "metadata"); metadata && !metadata->empty())
        data.metadata = json::serialize(*metadata);
    ask(step, "link.create", "calendly", 5, requests::link_create(step.input.self, data));
    step.set_timer("slot_timeout", step.input.now + seconds(data.terms.slot_timeout_seconds));
}

void begin_direct(Step& step) {
    read_terms_of(step);
    step.data.page_key = text(step, "page_key");
    // Drawn at intake where intake can; else from what only Calendly, the invitee and we know.
    if (step.data.page_key.empty())
        step.data.page_key = sha256_hex("page|" + engine::to_string(step.input.self) + "|" + text(step, "invitee") + "|" +
                                        text(step, "cancel_url"))
                                 .substr(0, 32);
}

void take_slot(Step& step) {
    Slot& slot = step.data.slot;
    supersede_named(step);
    add_once(slot.superseded, slot.invitee);
    fill_slot(step);
    step.drop_timer("slot_timeout");
    drop_failed_calls(step, "link.create");
    clear_flag(step.data, "link_failed");
}

void land_slot(Step& step) {
    Slot& slot = step.data.slot;
    supersede_named(step);
    add_once(slot.superseded, slot.invitee);
    fill_slot(step);
    step.drop_timer("reschedule");
}

void supersede(Step& step) {
    Slot& slot = step.data.slot;
    const auto invitee = text(step, "invitee");
    add_once(slot.superseded, invitee);
    std::erase(slot.unseen, invitee);
    supersede_named(step);
    bind_invitee(step, invitee);
}

void count_reschedule(Step& step) {
    step.data.slot.reschedules += 1;
    const auto most = step.data.terms.max_reschedules;
    if (most > 0 && step.data.slot.reschedules > most)
        raise_flag(step, "too_many_reschedules",
                   std::to_string(step.data.slot.reschedules) + " reschedules; it cannot be undone");
}

void await_move(Step& step) {
    Slot& slot = step.data.slot;
    slot.phase = SlotPhase::moving;
    slot.next = text(step, "new_invitee");
    slot.moving_since = step.input.now;
    step.drop_timer("start");
    step.set_timer("reschedule", step.input.now + seconds(step.data.terms.reschedule_timeout_seconds));
}

void free_slot(Step& step) {
    Slot& slot = step.data.slot;
    if (slot.phase == SlotPhase::moving) { // Calendly has canceled it already; where it moved to begins a booking of its own
        slot.phase = SlotPhase::free;
        return;
    }
    if (slot.phase != SlotPhase::held) return;
    if (slot.start && step.input.now >= *slot.start) {
        slot.phase = SlotPhase::past;
        return;
    }
    if (slot.group) {
        raise_flag(step, "seat_held", "a seat of a group event: no call frees one seat");
        return;
    }
    const auto why = step.data.ended ? step.data.ended->why : std::string();
    const std::string_view words = why == "no_payment" ? "The payment was not made in time." : "The booking was canceled.";
    if (ask(step, "slot.cancel", "calendly", 0, requests::slot_cancel(step.input.self, step.data, slot.event, words)))
        slot.phase = SlotPhase::releasing;
}

void slot_gone(Step& step) {
    step.data.slot.phase = SlotPhase::free;
    step.data.slot.moving_since.reset();
    drop_failed_calls(step, "slot.cancel");
    clear_flag(step.data, "slot_held");
    clear_flag(step.data, "seat_held");
}

void slot_freed(Step& step) {
    forget_failed_call(step);
    if (text_or_empty(request(step), "event") != step.data.slot.event) return;
    const bool past = text_or_empty(result(step), "done") == "past";
    if (step.data.slot.phase != SlotPhase::free) step.data.slot.phase = past ? SlotPhase::past : SlotPhase::free;
    clear_flag(step.data, "slot_held");
}

void slot_not_freed(Step& step) {
    note_failed_call(step, "slot.cancel", "slot_held");
    if (!truth(step, "exhausted") && step.data.slot.phase == SlotPhase::releasing) step.data.slot.phase = SlotPhase::held;
}

void slot_past(Step& step) {
    SlotPhase& phase = step.data.slot.phase;
    if (phase == SlotPhase::held || phase == SlotPhase::moving) phase = SlotPhase::past;
}

void remember_next(Step& step) {
    step.data.slot.next = text(step, "invitee");
    bind_invitee(step, step.data.slot.next);
}

void look_for_slot(Step& step) {
    ask(step, "slot.look", "calendly", 5, requests::slot_look(step.input.self, step.data));
    step.set_timer("reschedule", step.input.now + seconds(step.data.terms.reschedule_timeout_seconds));
}

void give_up_reschedule(Step& step) {
    raise_flag(step, "reschedule_lost", "canceled as rescheduled a day ago, and no new slot came");
}

void set_no_show(Step& step) {
    if (step.data.met.no_show.empty()) step.data.met.no_show = ask_if::host_absent(step) ? "host" : "guest";
}
void clear_no_show(Step& step) { step.data.met.no_show.clear(); }

void flag_paid_at_calendly(Step& step) {
    const auto* payment = object_field(step.payload, "payment");
    if (!payment) return;
    raise_flag(step, "paid_at_calendly",
               text_or_empty(*payment, "amount_text") + " " + text_or_empty(*payment, "currency") + " by " +
                   text_or_empty(*payment, "provider"));
}
void flag_canceled_after_start(Step& step) {
    raise_flag(step, "canceled_after_start", "the invitee canceled when the slot had begun");
}
void flag_canceled_late(Step& step) { raise_flag(step, "canceled_late", "canceled after the session"); }
void flag_moved_after_session(Step& step) { raise_flag(step, "moved_after_session", "rescheduled after the session"); }

void keep_link(Step& step) {
    step.data.link = text_or_empty(result(step), "url");
    forget_failed_call(step);
    clear_flag(step.data, "link_failed");
}
void link_failed(Step& step) { note_failed_call(step, "link.create", "link_failed"); }

void take_link(Step& step) {
    step.data.slot.join_url = text_or_empty(result(step), "join_url");
    meet(step);
}

} // namespace appointd::booking::act
