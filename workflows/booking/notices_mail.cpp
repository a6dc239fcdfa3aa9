#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/notices.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

namespace appointd::booking::notices {
namespace {

using Event = Booking::Event;

std::int64_t returned(const Data& data) { return money::sums(data).refunded; }

/// A payment that failed is a reason to ask once more; a checkout that merely ran out is not: our page leads to the new one.
std::int64_t asks(const Data& data) {
    const auto& payments = data.money.payments;
    return 1 + std::count_if(payments.begin(), payments.end(),
                             [](const Payment& payment) { return payment.phase == PaymentPhase::failed; });
}

bool may_pay(State state, const Data& data) {
    const Checkout* checkout = data.checkout();
    return is_unpaid(state) && data.slot.phase == SlotPhase::held && checkout && checkout->phase == CheckoutPhase::open;
}

/// Without a relay nothing is remembered: what this transition alone brought is taken to be news.
Told assumed(const Step& step) {
    const bool landed = step.event == Event::slot_moved || step.event == Event::slot_taken;
    const bool remade = step.data.meeting.remade > 0 || !step.data.meeting.old.empty();
    const bool link_came =
        step.event == Event::meeting_made || step.event == Event::meeting_created || step.event == Event::slot_seen;
    Told told;
    told.start = landed ? std::nullopt : step.data.slot.start;
    told.confirmed = step.from == State::confirmed && (landed || !link_came || remade);
    told.link = link_came ? std::string() : step.data.meeting.join_url;
    const bool asked_now = step.event == Event::checkout_made;
    told.asked = asked_now ? 0 : asks(step.data);
    if (landed && is_unpaid(step.from)) told.start.reset();
    told.over = is_dead(step.from) || !is_dead(step.to);
    told.returned = step.event == Event::refund_succeeded ? 0 : returned(step.data);
    return told;
}

/// What the invitee is to be told next, in one e-mail; `about` empty: nothing. `told` becomes what they know then.
requests::Mail next_for_invitee(const Step& step, Told& told) {
    const Data& data = step.data;
    const Slot& slot = data.slot;
    requests::Mail mail;
    if (!data.ended) told.over = false; // revived
    if (is_dead(step.to) && data.ended && slot.start && !told.over) {
        mail.about = "canceled";
        if (told.sequence > 0) mail.calendar = "CANCEL", mail.sequence = told.sequence++;
        told.over = true;
        told.confirmed = false;
        told.link.clear();
    } else if (ready(step.to, data) && slot.end && step.input.now < *slot.end) {
        const std::string& link = data.meeting.join_url;
        if (told.confirmed && told.start == slot.start && (link.empty() || told.link == link)) return mail;
        mail.about = !told.confirmed ? "confirmed" : told.start != slot.start ? "moved" : "new_link";
        mail.until = slot.end;
        mail.calendar = "REQUEST";
        mail.sequence = told.sequence++;
        told.confirmed = true;
        told.start = slot.start;
        if (!link.empty()) told.link = link;
    } else if (may_pay(step.to, data) && (told.asked < asks(data) || told.start != slot.start)) {
        mail.about = told.asked < asks(data) ? "pay_now" : "moved";
        mail.until = data.deadline ? data.deadline : slot.start;
        told.asked = asks(data);
        told.start = slot.start;
    }
    return mail;
}

bool send(Step& step, const requests::Mail& mail) {
    return ask(step, "mail.send", "mail", priority, requests::mail_send(step.input.self, step.to, step.data, mail));
}

void not_sent(Step& step, std::string_view about) {
    const std::string_view why = step.data.terms.mail ? "no address is known" : "no relay is configured";
    remark(step, "e-mail " + std::string(about) + " not sent: " + std::string(why));
}

void write_to_invitee(Step& step) {
    Data& data = step.data;
    const bool possible = data.terms.mail && !data.email.empty();
    Told told = possible ? data.told : assumed(step);
    const auto mail = next_for_invitee(step, told);
    if (!mail.about.empty()) {
        if (!possible) return not_sent(step, mail.about);
        if (!send(step, mail)) return; // no room: the next transition finds it untold
    }
    if (possible) data.told = told;
    const auto back = returned(data);
    if (back > told.returned) {
        if (!possible) return not_sent(step, "refunded");
        if (!send(step, {.about = "refunded", .amount = back - told.returned})) return;
    }
    if (possible) data.told.returned = back; // less than before: a refund failed, and they hear of it when it comes
}

void write_to_operator(Step& step) {
    Data& data = step.data;
    if (!data.terms.mail || !data.terms.mail_operator) return; // the flag itself is the record
    auto& known = data.told.attention;
    std::erase_if(known, [&](const std::string& reason) { return !data.flagged(reason); });
    requests::Mail mail{.about = "attention", .to_operator = true};
    for (const Flag& flag : data.flags)
        if (!contains(known, flag.reason)) mail.attention.push_back(flag);
    if (mail.attention.empty() || !send(step, mail)) return;
    for (const Flag& flag : mail.attention) known.push_back(flag.reason);
}

} // namespace

bool ready(State state, const Data& data) {
    if (state != State::confirmed || data.slot.phase != SlotPhase::held) return false;
    const bool link = makes_own_meeting(data) || takes_calendly_link(data);
    const MeetingPhase phase = data.meeting.phase;
    return !link || ((phase == MeetingPhase::live || phase == MeetingPhase::moving) && !data.meeting.join_url.empty());
}

void write_mails(Step& step) {
    write_to_invitee(step);
    write_to_operator(step);
}

} // namespace appointd::booking::notices

namespace appointd::booking::act {

void remind(Step& step) {
    const Data& data = step.data;
    ask(step, "mail.send", "mail", notices::priority,
        requests::mail_send(step.input.self, step.to, data, {.about = "reminder", .until = data.slot.start}));
}

} // namespace appointd::booking::act
