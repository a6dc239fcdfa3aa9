#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

/// The answers of refund.create and refund.list, and disputes.
namespace appointd::booking::act {
namespace {

std::string_view type_of_status(std::string_view status) {
    if (status == "succeeded") return "refund.succeeded";
    if (status == "failed" || status == "canceled") return "refund.failed";
    return "refund.pending";
}

json::object fact(const Step& step, const json::object& answer, std::string_view payment, std::string_view ours) {
    json::object out{{"refund", text_or_empty(answer, "refund")},
                     {"payment", payment},
                     {"our_refund", ours},
                     {"booking", engine::to_string(step.input.self)},
                     {"status", text_or_empty(answer, "status")},
                     {"via", step.input.event.type}};
    if (const auto amount = int_field(answer, "amount")) out["amount"] = *amount;
    return out;
}

Refund* requested_row(Step& step) { return money::find_refund(step.data, text_or_empty(request(step), "refund")); }

constexpr std::size_t most_news = 3; // rule R may need the fourth place

} // namespace

void tell_refund(Step& step) {
    forget_failed_call(step);
    if (!money::any_dispute_open(step.data)) clear_flag(step.data, "dispute"); // it went through: no dispute blocks it any more
    raise(step, type_of_status(text_or_empty(result(step), "status")),
          fact(step, result(step), text_or_empty(request(step), "payment"), text_or_empty(request(step), "refund")));
}

void tell_orphan_refund(Step& step) { tell_refund(step); }

namespace {

/// The refund was on its way when the bank took the money: nothing went out twice, and Stripe will not pay this row any more.
void returned_by_dispute(Step& step, Refund& row) {
    money::release(step.data, row, RefundPhase::returned_by_dispute);
    const Payment* payment = money::find_payment(step.data, row.payment);
    if (!payment) return;
    const auto& payments = step.data.money.payments;
    if (std::all_of(payments.begin(), payments.end(), [](const Payment& p) { return p.overpaid == 0; }))
        clear_flag(step.data, "paid_twice_back");
    if (payment->waiting > 0)
        raise_flag(step, "refund_failed", "the dispute took only a part, and Stripe refunds no rest: " + row.id);
}

} // namespace

void refund_is_blocked(Step& step) {
    forget_failed_call(step);
    Refund* row = requested_row(step);
    if (row && row->phase == RefundPhase::sent) {
        if (!money::dispute_open(step.data, row->payment) && money::lost(step.data, row->payment) > 0)
            return returned_by_dispute(step, *row);
        row->phase = RefundPhase::held_by_dispute;
    }
    // The dispute's own webhook may be lost: a refund never waits unseen.
    if (!money::any_dispute_open(step.data)) raise_flag(step, "dispute", "Stripe refuses the refund: the payment is disputed");
}

std::vector<std::pair<std::string_view, json::object>> news_of_list(const Step& step) {
    std::vector<std::pair<std::string_view, json::object>> news;
    const auto* refunds = array_field(result(step), "refunds");
    if (!refunds) return news;
    const auto payment = text_or_empty(request(step), "payment");
    for (const auto& item : *refunds) {
        const auto* listed = item.if_object();
        if (!listed) continue;
        const auto ours = text_or_empty(*listed, "our_refund");
        const auto type = type_of_status(text_or_empty(*listed, "status"));
        const Refund* row = money::find_refund_of(step.data, ours, text_or_empty(*listed, "refund"));
        const bool known =
            row && !row->stripe.empty() &&
            ((type == "refund.succeeded" && row->done()) || (type == "refund.failed" && row->phase == RefundPhase::failed) ||
             (type == "refund.pending" && row->phase == RefundPhase::pending));
        const bool died_unseen = !row && type == "refund.failed"; // never booked, and brings nothing back
        if (!known && !died_unseen) news.emplace_back(type, fact(step, *listed, payment, ours));
    }
    return news;
}

void tell_list(Step& step) {
    forget_failed_call(step);
    const auto news = news_of_list(step);
    for (std::size_t i = 0; i < news.size() && i < most_news; ++i) raise(step, news[i].first, news[i].second);
    if (news.size() > most_news)
        ask(step, "refund.list", "stripe", 5, requests::refund_list(step.input.self, text_or_empty(request(step), "payment")));
}

void refunds_not_listed(Step& step) { note_failed_call(step, "refund.list", "activity_exhausted"); }

/// "Already refunded", "more than unrefunded": somebody gave the money back otherwise. The row steps aside, what Stripe lists is
/// booked, and what is still missing goes out in a row that follows this one.
void refund_found_elsewhere(Step& step) {
    Refund* row = requested_row(step);
    const auto news = news_of_list(step);
    const bool listed_itself = row && std::any_of(news.begin(), news.end(), [&](const auto& item) {
                                   return text_or_empty(item.second, "our_refund") == row->id && item.first != "refund.failed";
                               });
    if (row && row->underway() && row->stripe.empty() && !listed_itself) {
        const auto payment_id = row->payment, follows = row->id, cause = row->cause;
        const auto amount = row->amount;
        money::release(step.data, *row, RefundPhase::replaced);
        std::int64_t elsewhere = 0;
        for (const auto& [type, told] : news)
            if (type != "refund.failed") elsewhere += int_field(told, "amount").value_or(0);
        if (Payment* payment = money::find_payment(step.data, payment_id)) {
            const auto rest = std::min(amount, payment->waiting - elsewhere);
            // Only where something did go out otherwise: else the next answer would be the same.
            if (elsewhere > 0 && rest > 0)
                money::add_refund(step.data, *payment, rest, cause, engine::to_string(step.input.self), follows);
            if (elsewhere == 0)
                raise_flag(step, "refund_failed", "Stripe says it was refunded already, and lists no such refund");
        }
    }
    tell_list(step);
}

namespace {

/// The call's answer is not needed any more: Stripe told of the refund by itself.
bool told_already(Step& step) {
    const Refund* row = requested_row(step);
    if (!row || row->stripe.empty()) return false;
    forget_failed_call(step);
    remark(step, "Stripe told of the refund meanwhile");
    return true;
}

} // namespace

void refund_refused(Step& step) {
    if (told_already(step)) return;
    note_failed_call(step, "refund.create", "refund_failed");
    if (Refund* row = requested_row(step); row && row->phase == RefundPhase::sent)
        money::release(step.data, *row, RefundPhase::failed);
}

void refund_used_up(Step& step) {
    if (!told_already(step)) note_failed_call(step, "refund.create", "activity_exhausted");
}

// Disputes.

namespace {

Dispute& dispute_row(Step& step) {
    const auto id = text(step, "dispute");
    auto& disputes = step.data.money.disputes;
    for (Dispute& dispute : disputes)
        if (dispute.id == id) return dispute;
    disputes.push_back({.id = id, .payment = text(step, "payment"), .amount = number(step, "amount"), .decided_at = {}});
    return disputes.back();
}

/// Rows that waited for a dispute go, once none is open on their payment.
void let_go(Step& step, std::string_view payment) {
    if (money::dispute_open(step.data, payment)) return;
    for (Refund& row : step.data.money.refunds)
        if (row.payment == payment && row.phase == RefundPhase::held_by_dispute) row.phase = RefundPhase::owed;
}

} // namespace

void open_dispute(Step& step) {
    Dispute& dispute = dispute_row(step);
    dispute.amount = int_field(step.payload, "amount").value_or(dispute.amount);
    dispute.phase = truth(step, "inquiry") ? DisputePhase::inquiry : DisputePhase::open;
    if (dispute.phase != DisputePhase::open) return;
    for (Refund& row : step.data.money.refunds)
        if (row.payment == dispute.payment && row.phase == RefundPhase::owed) row.phase = RefundPhase::held_by_dispute;
}

void flag_dispute(Step& step) { raise_flag(step, "dispute", text(step, "dispute") + ": " + text(step, "status")); }
void flag_dispute_after_refund(Step& step) {
    raise_flag(step, "dispute_after_refund", text(step, "dispute") + ": the refund is the evidence");
}

void win_dispute(Step& step) {
    Dispute& dispute = dispute_row(step);
    const bool was_lost = dispute.phase == DisputePhase::lost;
    dispute.phase = DisputePhase::won;
    dispute.decided_at = step.input.event.occurred_at;
    if (was_lost) regain(step, dispute.payment, dispute.amount);
    if (!money::any_dispute_open(step.data)) {
        clear_flag(step.data, "dispute");
        clear_flag(step.data, "dispute_after_refund");
    }
    let_go(step, text(step, "payment"));
}

void lose_dispute(Step& step) {
    Dispute& dispute = dispute_row(step);
    dispute.amount = int_field(step.payload, "amount").value_or(dispute.amount);
    dispute.phase = DisputePhase::lost;
    dispute.decided_at = step.input.event.occurred_at;
    const auto amount = dispute.amount;
    Payment* payment = money::find_payment(step.data, dispute.payment);
    if (!money::any_dispute_open(step.data)) {
        clear_flag(step.data, "dispute");
        clear_flag(step.data, "dispute_after_refund");
    }
    if (!payment) return;
    std::vector<std::string> waited;
    for (const Refund& row : step.data.money.refunds)
        if (row.payment == payment->id && row.phase == RefundPhase::held_by_dispute) waited.push_back(row.id);
    if (money::lose(step.data, *payment, amount) > 0)
        raise_flag(step, "paid_twice_back", "returned, and lost in the dispute as well: " + payment->id);
    // A row only partly taken by the dispute: its rest still goes back, in a row that names it.
    for (const std::string& id : waited)
        if (const Refund* row = money::find_refund(step.data, id); row && row->phase == RefundPhase::returned_by_dispute) {
            const auto cause = row->cause;
            money::add_refund(step.data, *payment, std::min(row->amount, payment->waiting), cause,
                              engine::to_string(step.input.self), id);
        }
    let_go(step, payment->id);
}

void flag_dispute_lost(Step& step) { raise_flag(step, "dispute_lost", text(step, "dispute") + " was lost"); }

} // namespace appointd::booking::act
