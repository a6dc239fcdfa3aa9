#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>
#include <charconv>

/// Verdicts that are not the last word: money that a dispute took and an appeal brings back, and disputes that were prevented.
namespace appointd::booking::act {
namespace {

void give_back(Step& step, Payment& payment, std::int64_t amount, std::string_view cause) {
    money::add_refund(step.data, payment, std::min(amount, payment.waiting), cause, engine::to_string(step.input.self));
}

/// What is kept of a payment whose booking is over, by the decision that ended it; the rest goes back.
void decide_again(Step& step, Payment& payment) {
    const auto& ended = step.data.ended;
    const std::string decision = ended ? ended->refund : std::string();
    const auto returned = money::done(step.data, payment.id) + money::underway(step.data, payment.id);
    std::int64_t named = 0;
    const bool amount = std::from_chars(decision.data(), decision.data() + decision.size(), named).ec == std::errc{};
    if (ended && decision.starts_with("policy")) {
        const auto at = ended->at.value_or(moment(step)), start = step.data.slot.start.value_or(at);
        const auto notice = std::chrono::duration_cast<std::chrono::seconds>(start - at).count();
        const auto share = money::share(step.data.terms, payment.captured, notice);
        give_back(step, payment, std::max<std::int64_t>(0, share - returned), "policy");
        money::keep(step.data, payment, payment.waiting, KeptCause::policy);
    } else if (decision == "none" || amount) {
        give_back(step, payment, std::max<std::int64_t>(0, named - returned), "operator");
        money::keep(step.data, payment, payment.waiting, KeptCause::by_operator);
    } else {
        give_back(step, payment, payment.waiting, "full");
    }
}

/// Where the money would be had the dispute never been lost.
void settle_regained(Step& step, Payment& payment) {
    if (payment.waiting == 0) return;
    const bool service = payment.role == Role::service;
    if (payment.role == Role::surplus) return give_back(step, payment, payment.waiting, is_dead(step.from) ? "late" : "surplus");
    if (is_dead(step.from) && service) return decide_again(step, payment);
    if (is_dead(step.from)) return give_back(step, payment, payment.waiting, "undecided");
    if (service) {
        if (step.from == State::completed) keep_session(step);
        return; // confirmed: it waits for the session
    }
    raise_flag(step, is_unpaid(step.from) ? "amount_mismatch" : "unexpected_money", payment.id + ": won back, and undecided");
}

} // namespace

void regain(Step& step, const std::string& payment_id, std::int64_t amount) {
    const auto& disputes = step.data.money.disputes;
    const auto lost = [](const Dispute& dispute) { return dispute.phase == DisputePhase::lost; };
    if (std::none_of(disputes.begin(), disputes.end(), lost)) clear_flag(step.data, "dispute_lost");
    Payment* payment = money::find_payment(step.data, payment_id);
    if (!payment) return;
    money::regain(*payment, amount);
    const auto& payments = step.data.money.payments;
    if (std::all_of(payments.begin(), payments.end(), [](const Payment& p) { return p.overpaid == 0; }))
        clear_flag(step.data, "paid_twice_back");
    settle_regained(step, *payment);
}

void prevent_dispute(Step& step) {
    for (Dispute& dispute : step.data.money.disputes)
        if (dispute.id == text(step, "dispute")) {
            dispute.phase = DisputePhase::prevented;
            return;
        }
    step.data.money.disputes.push_back({.id = text(step, "dispute"),
                                        .payment = text(step, "payment"),
                                        .amount = number(step, "amount"),
                                        .phase = DisputePhase::prevented,
                                        .decided_at = {}});
    for (Refund& row : step.data.money.refunds)
        if (row.payment == text(step, "payment") && row.phase == RefundPhase::owed) row.phase = RefundPhase::held_by_dispute;
}

void settle_prevented(Step& step) {
    for (Dispute& dispute : step.data.money.disputes)
        if (dispute.phase == DisputePhase::prevented && !dispute.decided_at) dispute.decided_at = step.input.now;
    for (Refund& row : step.data.money.refunds)
        if (row.phase == RefundPhase::held_by_dispute && !money::dispute_open(step.data, row.payment))
            row.phase = RefundPhase::owed;
}

} // namespace appointd::booking::act
