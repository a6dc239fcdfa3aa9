#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>
#include <cctype>

/// What every transition ends with: refunds that are owed are asked for, rule R, what people are told, and the reconciliation
/// timer.
namespace appointd::booking {
namespace {

/// Stripe cannot tell a payment that is still under way from one whose failure we missed; after a month it is no longer asked.
constexpr std::int64_t most_asked = 40;

bool refund_unsettled(const Data& data, const Refund& row) {
    if (!row.underway()) return false;
    const Payment* payment = money::find_payment(data, row.payment);
    if (payment && payment->outside) return false; // a person's work, flagged
    return row.phase != RefundPhase::held_by_dispute || !money::dispute_open(data, row.payment);
}

/// Rule R: REFUNDED means that all captured money went back, says Stripe; no more and no less.
void apply_rule_r(Step& step) {
    const bool back = money::wholly_returned(step.data);
    const bool over = step.to == State::abandoned || step.to == State::canceled || step.to == State::completed;
    if (over && back) raise(step, "ledger.settled", {});
    if (step.to == State::refunded && !back) raise(step, "ledger.reopened", {});
}

void keep_reconciling(Step& step) {
    Data& data = step.data;
    if (!unsettled(step.to, data)) {
        step.drop_timer("reconcile");
        data.reconciled = 0;
        return;
    }
    if (step.from != step.to)
        data.reconciled = 0;
    else if (step.timers.contains("reconcile"))
        return;
    constexpr Duration longest = std::chrono::hours(24);
    Duration distance = std::max(seconds(1), seconds(data.terms.reconcile_after_seconds));
    for (std::int64_t i = 0; i < data.reconciled && distance < longest; ++i) distance *= 2;
    Time at = step.input.now + std::min(distance, longest);
    // Before a session is due the slot is looked at once more: a cancel whose webhook was lost must not cost a fee.
    if (const auto& start = data.slot.start; step.to == State::confirmed && start && step.input.now < *start)
        at = std::min(at, *start);
    step.set_timer("reconcile", at);
}

/// Money whose refund failed waits in front of a person, whatever else cleared the flag meanwhile.
void keep_failed_refunds_in_sight(Step& step) {
    const Data& data = step.data;
    if (data.flagged("refund_failed") || contains(data.settled, "refund_failed")) return;
    for (const Refund& row : data.money.refunds) {
        const Payment* payment = row.phase == RefundPhase::failed ? money::find_payment(data, row.payment) : nullptr;
        const bool owed = payment && payment->waiting > 0 && (payment->role == Role::surplus || is_dead(step.to));
        if (owed || money::failed_unanswered(data, row))
            return raise_flag(step, "refund_failed", row.id + " came to nothing, and its money waits");
    }
}

void append_folded(std::string& out, std::string_view word) {
    if (word.empty()) return;
    if (!out.empty()) out += ' ';
    for (const char c : word) // a name may hold a zero byte, which no database's text takes
        if (!std::iscntrl(static_cast<unsigned char>(c))) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

} // namespace

bool unsettled(State state, const Data& data) {
    if (is_alive(state)) return true;
    const auto& checkouts = data.checkouts;
    const auto& payments = data.money.payments;
    const auto& refunds = data.money.refunds;
    return std::any_of(data.calls.begin(), data.calls.end(), [](const Call& call) { return call.exhausted; }) ||
           std::any_of(checkouts.begin(), checkouts.end(), [](const Checkout& checkout) { return !checkout.closed(); }) ||
           (data.reconciled < most_asked && std::any_of(payments.begin(), payments.end(),
                                                        [](const Payment& p) { return p.phase == PaymentPhase::processing; })) ||
           std::any_of(refunds.begin(), refunds.end(), [&](const Refund& row) { return refund_unsettled(data, row); }) ||
           data.slot.phase == SlotPhase::releasing || data.meeting.phase == MeetingPhase::removing || data.meeting.creating ||
           !data.meeting.strays.empty() || !data.owed.empty();
}

void Booking::settle(Step& step) {
    act::send_owed_refunds(step);
    if (money::wholly_returned(step.data)) clear_flag(step.data, "refund_failed");
    keep_failed_refunds_in_sight(step);
    apply_rule_r(step);
    act::tell(step);
    keep_reconciling(step);
}

std::optional<std::string> Booking::attention(const Data& data) {
    if (data.flags.empty()) return std::nullopt;
    std::string reasons;
    for (const Flag& flag : data.flags) {
        if (!reasons.empty()) reasons += ',';
        reasons += flag.reason;
    }
    return reasons;
}

std::string Booking::search(const Data& data) {
    std::string out;
    append_folded(out, data.name);
    append_folded(out, data.email);
    append_folded(out, data.slot.invitee);
    for (const Payment& payment : data.money.payments) append_folded(out, payment.id);
    for (const Checkout& checkout : data.checkouts) append_folded(out, checkout.session);
    append_folded(out, data.meeting.id);
    return out;
}

bool Booking::closed(State state, const Data& data) {
    if (is_alive(state) || unsettled(state, data) || !data.flags.empty() || money::any_dispute_open(data)) return false;
    return std::none_of(data.money.refunds.begin(), data.money.refunds.end(), [](const Refund& row) { return row.underway(); });
}

} // namespace appointd::booking
