#include "workflows/booking/view.hpp"

#include "workflows/booking/money.hpp"

namespace appointd::booking {

View view_of(std::string_view state, std::string_view text) {
    const Data data = read(text);
    const auto sums = money::sums(data);
    View view;
    view.state = std::string(state);
    view.session_type = data.terms.session_type;
    view.session_name = data.terms.name;
    view.price = data.terms.price;
    view.currency = data.terms.currency;
    view.name = data.name;
    view.email = data.email;
    view.page_key = data.page_key;
    view.scheduling = data.link;
    if (const Checkout* checkout = data.checkout(); checkout && checkout->phase == CheckoutPhase::open)
        view.checkout = checkout->url;
    const bool meeting_there = data.meeting.phase == MeetingPhase::live || data.meeting.phase == MeetingPhase::moving;
    if (meeting_there) view.meeting = data.meeting.join_url;
    view.cancel_url = data.slot.cancel_url;
    view.reschedule_url = data.slot.reschedule_url;
    view.start = data.slot.start;
    view.end = data.slot.end;
    view.deadline = data.deadline;
    view.timezone = data.slot.timezone;
    view.invitee = data.slot.invitee;
    view.moving = data.slot.phase == SlotPhase::moving;
    if (data.ended) {
        view.ended_why = data.ended->why;
        view.ended_by = data.ended->by;
    }
    view.money = {std::string(sums.currency), sums.captured, sums.refunded, sums.refunding, sums.kept, sums.lost};
    for (const Flag& flag : data.flags) view.attention.push_back({flag.reason, to_iso(flag.since), flag.note});
    view.metadata = data.metadata.empty() ? "{}" : data.metadata;
    return view;
}

} // namespace appointd::booking
