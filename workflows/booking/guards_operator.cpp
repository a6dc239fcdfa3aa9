#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>

namespace appointd::booking::pick {
namespace {

template <class Fits> const Payment* choose(const Step& step, Fits fits) {
    if (const auto named = text(step, "payment"); !named.empty()) {
        const Payment* payment = money::find_payment(step.data, named);
        return payment && fits(*payment) ? payment : nullptr;
    }
    if (const Payment* paid = money::service(step.data); paid && fits(*paid)) return paid;
    for (const Payment& payment : step.data.money.payments)
        if (fits(payment)) return &payment;
    return nullptr;
}

/// What only a person can settle of what is owed: what was paid outside, and what waits behind a prevented dispute.
std::int64_t owed_by_hand(const Data& data, const Payment& payment) {
    if (payment.outside) return money::underway(data, payment.id);
    const auto& disputes = data.money.disputes;
    if (std::none_of(disputes.begin(), disputes.end(), [&](const Dispute& dispute) {
            return dispute.payment == payment.id && dispute.phase == DisputePhase::prevented && dispute.blocks();
        }))
        return 0;
    std::int64_t held = 0;
    for (const Refund& row : data.money.refunds)
        if (row.payment == payment.id && row.phase == RefundPhase::held_by_dispute) held += row.amount;
    return held;
}

} // namespace

const Payment* refund_target(const Step& step) {
    const auto amount = number(step, "amount");
    if (amount <= 0) return nullptr;
    return choose(step, [&](const Payment& payment) { return !payment.outside && money::left(step.data, payment) >= amount; });
}

const Payment* elsewhere_target(const Step& step) {
    const auto amount = number(step, "amount");
    if (amount <= 0) return nullptr;
    const auto fits = [&](const Payment& payment) {
        return money::left(step.data, payment) + owed_by_hand(step.data, payment) >= amount;
    };
    if (text(step, "payment").empty())
        for (const Refund& refund : step.data.money.refunds)
            if (const Payment* payment = money::find_payment(step.data, refund.payment);
                payment && refund.phase == RefundPhase::failed && fits(*payment))
                return payment;
    return choose(step, fits);
}

} // namespace appointd::booking::pick

namespace appointd::booking::ask_if {

bool had_failed(const Step& step) { return failed_call(step) != nullptr; }

bool choice_impossible(const Step& step) {
    const auto* choice = step.payload.if_contains("refund");
    if (!choice || choice->is_null()) return false;
    if (choice->is_string()) {
        const auto& word = choice->get_string();
        return word != "full" && word != "policy" && word != "none";
    }
    if (!choice->is_int64() || choice->get_int64() < 0) return true;
    std::int64_t left = 0;
    for (const Payment& payment : step.data.money.payments)
        if (payment.role != Role::surplus) left = std::max(left, money::left(step.data, payment));
    return choice->get_int64() > left;
}

bool refund_impossible(const Step& step) { return pick::refund_target(step) == nullptr; }
bool refund_whole_service(const Step& step) {
    const Payment* target = pick::refund_target(step);
    return target && target == money::service(step.data) && number(step, "amount") == money::left(step.data, *target) &&
           money::lost(step.data, target->id) == 0;
}
bool payment_not_waiting(const Step& step) {
    const auto named = text(step, "payment");
    if (named.empty()) return false;
    const Payment* payment = money::find_payment(step.data, named);
    return !payment || payment->role != Role::unasked || payment->waiting <= 0;
}
bool elsewhere_impossible(const Step& step) { return pick::elsewhere_target(step) == nullptr; }
bool nothing_failed(const Step& step) {
    return elsewhere_impossible(step) || std::none_of(step.data.money.refunds.begin(), step.data.money.refunds.end(),
                                                      [](const Refund& row) { return row.phase == RefundPhase::failed; });
}
bool host_absent(const Step& step) { return text(step, "who") == "host"; }
bool who_unknown(const Step& step) { return !host_absent(step) && text(step, "who") != "guest"; }
bool flag_not_open(const Step& step) {
    // operator events carry the operator's own words as `reason`; the flag to settle is named by `flag`, or by `reason` itself
    return !step.data.flagged(text(step, "flag")) && !step.data.flagged(text(step, "reason"));
}

bool retry_useless(const Step& step) {
    const Call* call = failed_call(step);
    if (!call || call->reopened || !engine::parse_activity_id(call->activity)) return true;
    if (call->kind == "link.create") return step.from != State::initiated;
    if (call->kind == "checkout.create") {
        if (is_dead(step.from)) return !call->exhausted; // it may stand open: asked for again, to be expired
        const Checkout* checkout = step.data.checkout();
        return !is_unpaid(step.from) || !checkout || (checkout->closed() && checkout->phase != CheckoutPhase::failed);
    }
    if (call->kind == "meeting.create" || call->kind == "meeting.update") {
        // A permanent refusal was final: asking anew takes its place unless a meeting is there meanwhile.
        if (step.from != State::confirmed) return true;
        return call->kind == "meeting.create" && step.data.meeting.phase == MeetingPhase::live;
    }
    if (call->kind == "refund.create") {
        for (const Refund& row : step.data.money.refunds)
            if (row.id == call->about && row.phase == RefundPhase::failed) {
                const Payment* payment = money::find_payment(step.data, row.payment);
                return !payment || money::left(step.data, *payment) < row.amount;
            }
    }
    return false;
}
bool skip_unknown(const Step& step) {
    const auto activity = engine::parse_activity_id(text(step, "activity"));
    return !activity || activity->workflow != step.input.self;
}

} // namespace appointd::booking::ask_if
