#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

namespace appointd::booking {

bool takes_calendly_link(const Data& data) {
    if (data.terms.place == "calendly") return true;
    // Calendly makes the Zoom meeting itself where its location says so: never a second one.
    return data.terms.place == "zoom" && (data.slot.location == "zoom" || data.slot.location == "zoom_conference");
}
bool makes_own_meeting(const Data& data) { return data.terms.place == "zoom" && !takes_calendly_link(data) && !data.slot.group; }

} // namespace appointd::booking

namespace appointd::booking::ask_if {
namespace {

/// Before its booking exists, a slot's terms are in the event; nullopt where nobody knows them: that is not a price of nothing.
std::optional<std::int64_t> price(const Step& step) {
    if (step.from != State::none) return step.data.terms.price;
    const auto* terms = object_field(step.payload, "terms");
    return terms ? int_field(*terms, "price") : std::nullopt;
}

/// The moment that decides whether a change came before the session: the provider's own.
Time change(const Step& step) { return time_field(step.payload, "created_at").value_or(moment(step)); }

} // namespace

bool no_terms(const Step& step) { return !price(step); }
bool free_of_charge(const Step& step) { return price(step) == 0; }
bool paid_at_calendly(const Step& step) { return object_field(step.payload, "payment") != nullptr; }
bool another_type(const Step& step) {
    const auto type = text(step, "event_type");
    return !type.empty() && !step.data.terms.event_type.empty() && type != step.data.terms.event_type;
}
bool slot_moving(const Step& step) { return step.data.slot.phase == SlotPhase::moving; }
bool lands_here(const Step& step) {
    // The tracking fields are a claim: it counts only where we wait for exactly this invitee, or for an unnamed one of this type.
    if (!slot_moving(step) || another_type(step)) return false;
    const auto created_at = time_field(step.payload, "created_at");
    if (created_at && step.data.slot.created_at && *created_at < *step.data.slot.created_at) return false;
    return step.data.slot.next.empty() || step.data.slot.next == text(step, "invitee");
}
bool older_link(const Step& step) {
    const Slot& slot = step.data.slot;
    const auto invitee = text(step, "invitee"), old = text(step, "old_invitee");
    if (invitee.empty() || slot.invitee.empty() || invitee == slot.invitee) return false;
    const auto created_at = time_field(step.payload, "created_at");
    const bool older = created_at && slot.created_at && *created_at < *slot.created_at;
    const bool replaced = contains(slot.superseded, invitee);
    const bool names_another = !old.empty() && old != slot.invitee && !contains(slot.superseded, old);
    if (step.event == Booking::Event::slot_moved) return replaced ? contains(slot.unseen, invitee) || names_another : older;
    // A slot by itself may be somebody else's who bears the same claim: only while a part of the chain is missing may it be that.
    return contains(slot.unseen, invitee) || (!replaced && older && !slot.unseen.empty());
}
bool never_had_slot(const Step& step) { return step.data.slot.invitee.empty(); }
bool slot_still_ours(const Step& step) {
    return step.data.slot.phase == SlotPhase::held || step.data.slot.phase == SlotPhase::moving ||
           step.data.slot.phase == SlotPhase::releasing || step.data.flagged("slot_held") || step.data.flagged("seat_held");
}
bool by_host(const Step& step) { return text(step, "by") == "host"; }
bool before_start(const Step& step) { return !step.data.slot.start || change(step) < *step.data.slot.start; }
bool unmet_before_start(const Step& step) { return before_start(step) && step.data.met.joined == 0; }
bool by_host_unmet(const Step& step) { return by_host(step) && unmet_before_start(step); }
bool had_slot(const Step& step) { return !never_had_slot(step); }
bool session_held(const Step& step) { return !step.data.met.sessions.empty() || step.data.met.joined > 0; }
bool refunds_no_show(const Step& step) { return step.data.terms.no_show == "refund"; }
bool look_brings_link(const Step& step) {
    return takes_calendly_link(step.data) && step.data.meeting.join_url.empty() && step.data.slot.phase == SlotPhase::held &&
           text_or_empty(result(step), "invitee") == step.data.slot.invitee && !text_or_empty(result(step), "join_url").empty();
}
bool within_a_day(const Step& step) {
    return step.data.slot.moving_since && step.input.now - *step.data.slot.moving_since < std::chrono::hours(24);
}
bool moving_within_a_day(const Step& step) { return slot_moving(step) && within_a_day(step); }
bool something_to_ask(const Step& step) { return unsettled(step.from, step.data); }

} // namespace appointd::booking::ask_if
