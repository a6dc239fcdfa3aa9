#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

namespace appointd::booking::act {
namespace {

std::string id_base(const Step& step) { return engine::to_string(step.input.self); }

void give_back(Step& step, Payment& payment, std::int64_t amount, std::string_view cause, std::string_view follows = {}) {
    money::add_refund(step.data, payment, amount, cause, id_base(step), follows);
}

void note_decision(Step& step, std::string words) {
    if (step.data.ended) step.data.ended->refund = std::move(words);
}

/// A row that gave way to a refund by hand: Stripe will refuse it, so what it still owed goes out in a row that follows it.
void follow_replaced(Step& step, const std::string& id) {
    const Refund* row = money::find_refund(step.data, id);
    Payment* payment = row && row->phase == RefundPhase::replaced ? money::find_payment(step.data, row->payment) : nullptr;
    if (!payment) return;
    const auto cause = row->cause;
    give_back(step, *payment, std::min(row->amount, payment->waiting), cause, id);
}

Payment* target(Step& step, const Payment* picked) { return picked ? money::find_payment(step.data, picked->id) : nullptr; }

} // namespace

void return_others(Step& step) {
    for (Payment& payment : step.data.money.payments)
        if (payment.role == Role::unasked && payment.phase == PaymentPhase::captured)
            give_back(step, payment, payment.waiting, "undecided");
    clear_money_flags(step);
}

void return_all(Step& step) {
    for (Payment& payment : step.data.money.payments)
        if (payment.phase == PaymentPhase::captured)
            give_back(step, payment, money::left(step.data, payment), payment.role == Role::service ? "full" : "undecided");
    clear_money_flags(step);
}

void return_service(Step& step) {
    return_others(step);
    if (Payment* paid = money::service(step.data)) give_back(step, *paid, money::left(step.data, *paid), "full");
    note_decision(step, "full");
}

void share_policy(Step& step) {
    return_others(step);
    Payment* paid = money::service(step.data);
    if (!paid) return;
    money::unkeep(step.data, KeptCause::session);
    const auto start = step.data.slot.start.value_or(moment(step));
    const auto notice = std::chrono::duration_cast<std::chrono::seconds>(start - moment(step)).count();
    const auto share = money::share(step.data.terms, paid->captured, notice);
    const auto returned = money::done(step.data, paid->id) + money::underway(step.data, paid->id);
    const auto due = std::min(std::max<std::int64_t>(0, share - returned), paid->waiting);
    give_back(step, *paid, due, "policy");
    money::keep(step.data, *paid, paid->waiting, KeptCause::policy);
    note_decision(step, "policy: " + std::to_string(share) + " of " + std::to_string(paid->captured));
}

void share_by_operator(Step& step) {
    const auto* choice = step.payload.if_contains("refund");
    const bool named = choice && choice->is_string();
    const auto word = named ? std::string(choice->get_string()) : std::string("full");
    if (choice && choice->is_int64()) {
        const auto amount = choice->get_int64();
        Payment* paid = money::service(step.data);
        if (!paid)
            for (Payment& payment : step.data.money.payments)
                if (payment.role == Role::unasked && money::left(step.data, payment) >= amount) paid = &payment;
        if (paid) {
            give_back(step, *paid, amount, "operator");
            money::keep(step.data, *paid, paid->waiting, KeptCause::by_operator);
        }
        return_others(step);
        note_decision(step, std::to_string(amount));
    } else if (word == "none") {
        for (Payment& payment : step.data.money.payments)
            if (payment.role != Role::surplus) money::keep(step.data, payment, payment.waiting, KeptCause::by_operator);
        clear_money_flags(step);
        note_decision(step, "none");
    } else if (word == "policy") {
        share_policy(step);
    } else {
        return_all(step);
        note_decision(step, "full");
    }
}

void refund_by_operator(Step& step) {
    if (Payment* payment = target(step, pick::refund_target(step))) give_back(step, *payment, number(step, "amount"), "operator");
    if (!money::undecided(step.data)) clear_money_flags(step);
}

void settle_outside(Step& step) {
    Payment* payment = target(step, pick::elsewhere_target(step));
    if (!payment) return;
    const auto amount = number(step, "amount");
    if (money::left(step.data, *payment) < amount) // what was owed by hand is what was settled by hand
        money::give_way(step.data, *payment, amount - money::kept(step.data, payment->id));
    const auto failed = std::find_if(step.data.money.refunds.rbegin(), step.data.money.refunds.rend(), [&](const Refund& row) {
        return row.payment == payment->id && row.phase == RefundPhase::failed;
    });
    const auto follows = failed == step.data.money.refunds.rend() ? std::string() : failed->id;
    if (Refund* row = money::add_refund(step.data, *payment, amount, "outside", id_base(step), follows))
        row->phase = RefundPhase::settled_outside;
    if (payment->waiting == 0 && money::underway(step.data, payment->id) == 0) clear_flag(step.data, "refund_failed");
}

void keep_session(Step& step) {
    const auto& absent = step.data.met.no_show;
    Payment* paid = money::service(step.data);
    if (!paid) return;
    if (absent == "host" || (absent == "guest" && step.data.terms.no_show == "refund")) {
        give_back(step, *paid, money::left(step.data, *paid), "no_show");
        return;
    }
    money::keep(step.data, *paid, paid->waiting, KeptCause::session);
}

void unkeep_session(Step& step) { money::unkeep(step.data, KeptCause::session); }

void return_for_no_show(Step& step) {
    if (Payment* paid = money::service(step.data)) give_back(step, *paid, money::left(step.data, *paid), "no_show");
}
void return_for_host(Step& step) { return_for_no_show(step); }

void clear_money_flags(Step& step) {
    if (money::undecided(step.data)) return;
    clear_flag(step.data, "amount_mismatch");
    clear_flag(step.data, "unexpected_money");
}

void send_owed_refunds(Step& step) {
    for (Refund& row : step.data.money.refunds) {
        if (row.phase != RefundPhase::owed) continue;
        const Payment* payment = money::find_payment(step.data, row.payment);
        if (payment && payment->outside) {
            raise_flag(step, "refund_failed",
                       "paid outside: give back " + std::to_string(row.amount) + " by hand, then record it");
            continue;
        }
        if (!ask(step, "refund.create", "stripe", 0, requests::refund_create(step.input.self, row))) return;
        row.phase = RefundPhase::sent;
    }
}

// What Stripe says.

void book_refund(Step& step) {
    Data& data = step.data;
    const auto id = text(step, "refund"), ours = text(step, "our_refund");
    const auto type = step.event;
    const auto phase = type == Booking::Event::refund_succeeded ? RefundPhase::done
                       : type == Booking::Event::refund_failed  ? RefundPhase::failed
                                                                : RefundPhase::pending;
    Refund* row = money::find_refund_of(data, ours, id);
    if (!row) { // made by hand: a row of its own
        std::int64_t ordinal = 1;
        for (const Refund& other : data.money.refunds)
            if (other.payment == text(step, "payment") && other.cause == "by_hand")
                ordinal = std::max(ordinal, other.ordinal + 1);
        data.refund_count += 1;
        data.money.refunds.push_back({.id = id_base(step) + "-r" + std::to_string(data.refund_count),
                                      .payment = text(step, "payment"),
                                      .stripe = {},
                                      .cause = "by_hand",
                                      .ordinal = ordinal,
                                      .follows = {},
                                      .amount = number(step, "amount"),
                                      .phase = RefundPhase::failed});
        row = &data.money.refunds.back();
    }
    row->stripe = id;
    drop_failed_calls(step, "refund.create", row->id); // what it would have answered is known
    if (phase == RefundPhase::failed) {
        money::release(data, *row, RefundPhase::failed);
        return;
    }
    const auto amount = int_field(step.payload, "amount").value_or(row->amount);
    const auto payment = row->payment;
    std::vector<std::string> aside;
    for (const Refund& other : data.money.refunds)
        if (&other != row && other.payment == payment && other.underway()) aside.push_back(other.id);
    if (money::settle(data, *row, amount, phase) > 0)
        raise_flag(step, "paid_twice_back", "more went back than was captured: " + payment);
    for (const std::string& gave_way : aside) follow_replaced(step, gave_way);
}

void flag_refund_failed(Step& step) {
    raise_flag(step, "refund_failed", text(step, "refund") + ": " + text(step, "failure_reason"));
}

void list_refunds(Step& step) {
    ask(step, "refund.list", "stripe", 5, requests::refund_list(step.input.self, text(step, "payment")));
}

/// A hint of a refund by hand that stood in for this one looks like an echo of this one: before a person pays otherwise, Stripe
/// is asked what went back.
void list_after_failure(Step& step) {
    if (!text(step, "via").starts_with("refund.list")) list_refunds(step);
}

} // namespace appointd::booking::act
