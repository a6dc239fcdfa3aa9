#include "workflows/booking/words.hpp"

#include <algorithm>
#include <array>

namespace appointd::booking::words {

namespace {

struct Named {
    std::string_view name, words;
};

constexpr std::array states{
    Named{"INITIATED", "asked for; a slot is not taken yet"},
    Named{"SCHEDULED", "a slot is taken; the checkout is not out yet"},
    Named{"PAYMENT_PENDING", "the checkout is out, or its money is under way"},
    Named{"PAYMENT_FAILED", "a payment failed; the same or a new checkout can still succeed"},
    Named{"CONFIRMED", "paid, or free; the session is to come"},
    Named{"COMPLETED", "the session is over"},
    Named{"ABANDONED", "given up: no slot, or no payment, in time"},
    Named{"CANCELED", "called off"},
    Named{"REFUNDED", "all captured money went back, says Stripe"},
};

constexpr std::array timers{
    Named{"slot_timeout", "without a slot by then the booking is abandoned"},
    Named{"deadline",
          "unpaid by then, the checkout is expired at Stripe and the slot given back; a payment that Stripe took first wins"},
    Named{"start", "the slot begins: what is unpaid then is given up, undecided money goes back, a missing join link is flagged"},
    Named{"reschedule", "Calendly is asked where the slot moved to"},
    Named{"reminder", "the customer is reminded of the session"},
    Named{"completion", "the booking is completed, unless its meeting still runs"},
    Named{"reconcile", "the providers are asked about what we did not hear of, and calls that were used up are tried again"},
};

constexpr std::array calls{
    Named{"link.create", "make the scheduling link at Calendly"},
    Named{"slot.look", "look up the slot at Calendly"},
    Named{"slot.cancel", "free the slot at Calendly"},
    Named{"checkout.create", "make the checkout at Stripe"},
    Named{"checkout.expire", "close the checkout at Stripe"},
    Named{"checkout.look", "look up the checkout at Stripe"},
    Named{"refund.create", "return money at Stripe"},
    Named{"refund.list", "look up the refunds at Stripe"},
    Named{"meeting.create", "make the meeting at Zoom"},
    Named{"meeting.update", "move the meeting at Zoom"},
    Named{"meeting.delete", "delete the meeting at Zoom"},
    Named{"meeting.look", "look up the meeting at Zoom"},
    Named{"mail.send", "send an e-mail"},
    Named{"webhook.send", "tell a webhook endpoint"},
};

// clang-format off
constexpr std::array reasons{
    Attention{"paid_at_calendly", "Calendly itself collected money for a session that is priced here",
              "keep one of the two ways to pay; then `workflows mark-paid ID --amount N --reference TEXT`, or `workflows cancel ID`"},
    Attention{"link_failed", "no scheduling link could be made",
              "check Calendly's token and plan, then `workflows retry ACTIVITY`; the slot's timeout still ends the booking"},
    Attention{"checkout_failed", "no checkout could be made",
              "check Stripe's key, currency and amount, then `workflows retry ACTIVITY`; the deadline still ends the booking"},
    Attention{"checkout_open", "a checkout could not be closed",
              "expire it in Stripe's dashboard; money that still comes goes back by itself"},
    Attention{"amount_mismatch", "what was captured is not what was asked",
              "`workflows mark-paid ID --amount N --reference TEXT --payment PAYMENT` accepts it, `workflows refund ID AMOUNT` returns it; undecided it goes back when the slot starts"},
    Attention{"unexpected_money", "money came before anything was asked",
              "`workflows refund ID AMOUNT` returns it; undecided it goes back when the booking ends or is paid"},
    Attention{"refund_failed", "money that is owed did not get back to the customer, maybe after Stripe said it had",
              "pay it otherwise, then `workflows refunded-elsewhere ID AMOUNT --reference TEXT`; or `workflows refund ID AMOUNT` once more"},
    Attention{"dispute", "the customer disputes the payment with the bank",
              "answer it at Stripe; refunds wait until it is decided; `workflows resolve ID dispute --note TEXT` when it is in hand"},
    Attention{"dispute_lost", "the bank took the money",
              "decide whether the session is held: `workflows cancel ID --refund none`, or `workflows resolve ID dispute_lost`"},
    Attention{"dispute_after_refund", "disputed although the money was returned",
              "send Stripe the refund as evidence, then `workflows resolve ID dispute_after_refund`"},
    Attention{"paid_twice_back", "more went back than came in: returned twice, or returned and lost to a dispute",
              "claim it back, then `workflows resolve ID paid_twice_back --note TEXT`"},
    Attention{"meeting_failed", "no meeting could be made",
              "check Zoom's app and host, then `workflows retry ACTIVITY` before the session starts"},
    Attention{"meeting_move_failed", "the meeting still has the old time",
              "`workflows retry ACTIVITY`, or move it at Zoom and `workflows resolve ID meeting_move_failed`"},
    Attention{"meeting_moved", "somebody moved the meeting inside Zoom",
              "move it back, or agree with the customer and `workflows resolve ID meeting_moved`"},
    Attention{"meeting_deleted", "the host deleted the meeting, after it had been made again once",
              "make one by hand and tell the customer, then `workflows resolve ID meeting_deleted`; or `workflows cancel ID`"},
    Attention{"meeting_left", "the meeting of a booking that is over could not be deleted",
              "delete it at Zoom, then `workflows resolve ID meeting_left`"},
    Attention{"no_meeting", "the session begins, or began, without a join link",
              "urgent: send a link by hand, then `workflows resolve ID no_meeting`; afterwards `workflows complete ID` or `workflows cancel ID`"},
    Attention{"used_after_cancel", "somebody met although the booking is over",
              "decide about the money, then `workflows resolve ID used_after_cancel`"},
    Attention{"slot_held", "the slot of a booking that is over could not be freed",
              "cancel it at Calendly, or `workflows retry ACTIVITY`"},
    Attention{"seat_held", "a seat of a group event: Calendly has no call that frees one",
              "cancel that invitee by hand where it matters, then `workflows resolve ID seat_held`"},
    Attention{"reschedule_lost", "canceled as rescheduled a day ago, and no new slot came",
              "ask the customer; nothing is refunded by itself: `workflows cancel ID --refund CHOICE`"},
    Attention{"too_many_reschedules", "moved more often than the session type allows; Calendly cannot refuse it",
              "agree and `workflows resolve ID too_many_reschedules`, or `workflows cancel ID`"},
    Attention{"canceled_after_start", "the invitee canceled when the session had begun",
              "decide about the money: `workflows refund ID AMOUNT` or `workflows resolve ID canceled_after_start`"},
    Attention{"canceled_late", "canceled after the session",
              "decide about the money: `workflows refund ID AMOUNT` or `workflows resolve ID canceled_late`"},
    Attention{"moved_after_session", "moved after the session, or although somebody had already met",
              "agree on a new booking, then `workflows resolve ID moved_after_session`"},
    Attention{"link_before_payment", "Calendly showed the conference link before the payment",
              "make the location in Calendly one that waits, or use `place = \"zoom\"`; then `workflows resolve ID link_before_payment`"},
    Attention{"activity_exhausted", "a call was used up; reconciliation goes on trying",
              "look at its last error; `workflows retry ACTIVITY` tries at once, `workflows skip ACTIVITY` gives up"},
};
// clang-format on

template <class Table> std::string_view find(const Table& table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Named& row) { return row.name == name; });
    return found == table.end() ? std::string_view() : found->words;
}

} // namespace

std::string_view of_state(std::string_view state) { return find(states, state); }

std::string_view of_timer(std::string_view name) { return find(timers, name.substr(0, name.find('.'))); }

std::string_view of_call(std::string_view kind) { return find(calls, kind); }

std::span<const Attention> attention() { return reasons; }

const Attention* of_reason(std::string_view reason) {
    const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Attention& row) { return row.reason == reason; });
    return found == reasons.end() ? nullptr : &*found;
}

std::string attention_page() {
    std::string page = "| reason | what happened | what to do |\n|---|---|---|\n";
    for (const Attention& row : reasons)
        page.append("| ").append(row.reason).append(" | ").append(row.what).append(" | ").append(row.todo).append(" |\n");
    return page;
}

} // namespace appointd::booking::words
