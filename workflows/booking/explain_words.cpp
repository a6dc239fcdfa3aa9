#include "workflows/booking/explain_words.hpp"

#include "foundation/money_text.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>
#include <array>

namespace appointd::booking::explain_words {

namespace {

std::string counted(std::int64_t number, std::string_view unit) {
    return std::to_string(number) + " " + std::string(unit) + (number == 1 ? "" : "s");
}

/// The two greatest units that say something: "3 hours", "1 day 4 hours".
std::string span(Duration time) {
    struct Unit {
        std::chrono::seconds length;
        std::string_view name;
    };
    constexpr std::array units{Unit{std::chrono::hours(24), "day"}, Unit{std::chrono::hours(1), "hour"},
                               Unit{std::chrono::minutes(1), "minute"}, Unit{std::chrono::seconds(1), "second"}};
    auto left = std::chrono::duration_cast<std::chrono::seconds>(time);
    std::string text;
    int parts = 0;
    for (const Unit& unit : units) {
        const auto number = left / unit.length;
        if (number == 0 && parts == 0) continue;
        if (parts == 2) break;
        ++parts;
        if (number > 0) text += (text.empty() ? "" : " ") + counted(number, unit.name);
        left -= number * unit.length;
    }
    return text;
}

void add(std::vector<std::string>& lines, bool holds, std::string line) {
    if (holds) lines.push_back(std::move(line));
}

std::vector<std::string> before_the_slot(const Data& data) {
    if (data.flagged("link_failed")) return {"It waits for a scheduling link, which could not be made."};
    if (data.link.empty()) return {"It waits for the scheduling link, which is being made."};
    return {"It waits for the customer to take a slot at " + data.link + "."};
}

std::string checkout_words(const Data& data, Time now) {
    const Checkout* checkout = data.checkout();
    const std::string price = money_text(data.terms.price, data.terms.currency);
    const std::string until = data.deadline ? ", until " + when(*data.deadline, now) : std::string();
    if (!checkout) return "It waits for a person to decide how it is paid.";
    switch (checkout->phase) {
    case CheckoutPhase::making: return "It waits for the checkout of " + price + ", which is being made" + until + ".";
    case CheckoutPhase::open: return "It waits for " + price + " at " + checkout->url + until + ".";
    case CheckoutPhase::expiring:
        return "Its time to pay is over: it waits for Stripe to say that the checkout is closed, or was paid.";
    case CheckoutPhase::complete: return "The checkout is completed; it waits for its money.";
    case CheckoutPhase::expired: return "The checkout ended unpaid.";
    case CheckoutPhase::failed:
        return "No checkout could be made; the booking ends " +
               (data.deadline ? when(*data.deadline, now) : "when the slot begins") + ".";
    }
    return {};
}

std::vector<std::string> before_the_money(const Data& data, Time now) {
    std::vector<std::string> lines;
    const auto& payments = data.money.payments;
    const bool processing =
        std::any_of(payments.begin(), payments.end(), [](const Payment& p) { return p.phase == PaymentPhase::processing; });
    if (money::undecided(data))
        lines.emplace_back("It waits for a person to decide about money that was not asked for like this.");
    else if (processing)
        lines.emplace_back(
            "It waits for money under way: the customer chose a method that takes days. The slot is held until it begins.");
    else
        lines.push_back(checkout_words(data, now));
    add(lines, data.declined > 0, "Declined so far: " + counted(data.declined, "time") + ".");
    return lines;
}

std::vector<std::string> before_the_session(const Data& data, Time now) {
    std::vector<std::string> lines;
    const Slot& slot = data.slot;
    const MeetingPhase meeting = data.meeting.phase;
    if (slot.phase == SlotPhase::moving)
        lines.emplace_back(
            "It waits for the second half of a reschedule: Calendly canceled the old slot and has not told the new one.");
    else if (slot.start && now < *slot.start)
        lines.push_back("It waits for the session, " + when(*slot.start, now) + ".");
    else if (slot.end && now < *slot.end)
        lines.push_back("The session should be under way, until " + when(*slot.end, now) + ".");
    else
        lines.emplace_back("It waits for the meeting to end, or for the clock to complete it.");
    add(lines, meeting == MeetingPhase::making, "The meeting is being made.");
    add(lines, meeting == MeetingPhase::moving, "The meeting is being moved.");
    return lines;
}

/// What is left to do once it is over.
std::vector<std::string> after_the_end(const Data& data) {
    std::vector<std::string> lines;
    const auto& refunds = data.money.refunds;
    const bool owed = std::any_of(refunds.begin(), refunds.end(), [](const Refund& row) { return row.underway(); });
    const bool open = std::any_of(data.checkouts.begin(), data.checkouts.end(), [](const Checkout& c) { return !c.closed(); });
    add(lines, owed, "It waits for money to get back to the customer.");
    add(lines, money::any_dispute_open(data), "It waits for the bank to decide a dispute.");
    add(lines, open, "It waits for a checkout to be closed at Stripe.");
    add(lines, data.slot.phase == SlotPhase::releasing, "It waits for Calendly to free the slot.");
    add(lines, data.meeting.phase == MeetingPhase::removing || !data.meeting.strays.empty(),
        "It waits for Zoom to delete a meeting.");
    add(lines, !data.flags.empty(), "It waits for a person.");
    if (lines.empty()) lines.emplace_back("It waits for nothing.");
    return lines;
}

std::string refund_words(const Refund& row) {
    switch (row.phase) {
    case RefundPhase::owed: return "is asked for next";
    case RefundPhase::sent: return "is asked for at Stripe";
    case RefundPhase::pending: return "is pending at Stripe";
    case RefundPhase::held_by_dispute: return "waits until the dispute is decided";
    case RefundPhase::failed: return "failed";
    default: return {};
    }
}

std::string dispute_words(DisputePhase phase) {
    switch (phase) {
    case DisputePhase::inquiry: return "the bank asks; nothing is blocked";
    case DisputePhase::open: return "open; refunds of this payment wait";
    case DisputePhase::won: return "won";
    case DisputePhase::lost: return "lost";
    case DisputePhase::prevented: return "prevented; refunds of this payment wait until a person has settled it";
    }
    return {};
}

std::string currency_of(const Data& data, std::string_view payment) {
    const Payment* found = money::find_payment(data, payment);
    return found ? found->currency : data.terms.currency;
}

} // namespace

std::string when(Time time, Time now) {
    const Duration distance = time > now ? time - now : now - time;
    const std::string words = span(distance);
    if (words.empty()) return to_iso(time) + " (now)";
    return to_iso(time) + (time > now ? " (in " + words + ")" : " (" + words + " ago)");
}

std::string ending(const Ended& ended, Time now) {
    struct Why {
        std::string_view why, words;
    };
    constexpr std::array reasons{Why{"no_slot", "no slot was taken in time"},
                                 Why{"no_payment", "it was not paid in time"},
                                 Why{"canceled", "it was canceled"},
                                 Why{"refunded", "the whole payment went back"},
                                 Why{"dispute_lost", "a dispute was lost before it was confirmed"},
                                 Why{"undecided_money", "its slot began while its money was undecided"}};
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const Why& row) { return row.why == ended.why; });
    std::string line = "It ended because " + std::string(known == reasons.end() ? std::string_view(ended.why) : known->words);
    if (!ended.by.empty()) line += " by the " + ended.by;
    if (ended.at) line += ", " + when(*ended.at, now);
    if (!ended.refund.empty()) line += "; money: " + ended.refund;
    return line + ".";
}

std::vector<std::string> waits_for(std::string_view state, const Data& data, Time now) {
    const auto found = std::find(Booking::states.begin(), Booking::states.end(), state);
    switch (found == Booking::states.end() ? State::none : static_cast<State>(found - Booking::states.begin())) {
    case State::none: return {};
    case State::initiated: return before_the_slot(data);
    case State::scheduled:
    case State::payment_pending:
    case State::payment_failed: return before_the_money(data, now);
    case State::confirmed: return before_the_session(data, now);
    case State::completed:
    case State::abandoned:
    case State::canceled:
    case State::refunded: return after_the_end(data);
    }
    return {};
}

std::vector<std::string> refunds_and_disputes(const Data& data) {
    std::vector<std::string> lines;
    for (const Refund& row : data.money.refunds)
        if (const std::string words = refund_words(row); !words.empty())
            lines.push_back("Refund " + row.id + " of " + money_text(row.amount, currency_of(data, row.payment)) + " (" +
                            row.cause + ") " + words + ".");
    for (const Dispute& row : data.money.disputes)
        lines.push_back("Dispute " + row.id + " about " + money_text(row.amount, currency_of(data, row.payment)) + ": " +
                        dispute_words(row.phase) + ".");
    return lines;
}

} // namespace appointd::booking::explain_words
