#include "workflows/booking/money.hpp"

#include <algorithm>
#include <utility>

namespace appointd::booking::money {
namespace {

template <class Rows, class Id> auto find_by_id(Rows& rows, const Id& id) -> decltype(&rows.front()) {
    for (auto& row : rows)
        if (row.id == id) return &row;
    return nullptr;
}

template <class Money> auto refund_of(Money& money, std::string_view our_id, std::string_view stripe_id)
    -> decltype(&money.refunds.front()) {
    if (!stripe_id.empty())
        for (auto& row : money.refunds)
            if (row.stripe == stripe_id) return &row;
    if (!our_id.empty())
        for (auto& row : money.refunds) // a second refund under our id is a twin: its own row
            if (row.id == our_id && row.stripe.empty()) return &row;
    return nullptr;
}

} // namespace

Sums sums(const Data& data) {
    Sums out;
    const auto& payments = data.money.payments;
    const auto asked = std::any_of(payments.begin(), payments.end(),
                                   [&](const Payment& p) { return p.captured > 0 && p.currency == data.terms.currency; });
    const auto other = std::find_if(payments.begin(), payments.end(), [](const Payment& p) { return p.captured > 0; });
    out.currency = asked || other == payments.end() ? data.terms.currency : other->currency;
    for (const Payment& p : payments) {
        if (p.currency != out.currency) continue;
        out.captured += p.captured;
        out.waiting += p.waiting;
        out.refunded += done(data, p.id);
        out.refunding += underway(data, p.id);
        out.kept += kept(data, p.id);
        out.lost += lost(data, p.id);
    }
    return out;
}

Payment* find_payment(Data& data, std::string_view id) { return find_by_id(data.money.payments, id); }
const Payment* find_payment(const Data& data, std::string_view id) { return find_by_id(data.money.payments, id); }
const Payment* service(const Data& data) {
    for (const Payment& p : data.money.payments)
        if (p.role == Role::service && p.phase == PaymentPhase::captured) return &p;
    return nullptr;
}
Payment* service(Data& data) { return const_cast<Payment*>(service(std::as_const(data))); }
Refund* find_refund(Data& data, std::string_view our_id) { return find_by_id(data.money.refunds, our_id); }
Refund* find_refund_of(Data& data, std::string_view our_id, std::string_view stripe_id) {
    return refund_of(data.money, our_id, stripe_id);
}
const Refund* find_refund_of(const Data& data, std::string_view our_id, std::string_view stripe_id) {
    return refund_of(data.money, our_id, stripe_id);
}

std::int64_t done(const Data& data, std::string_view payment) {
    std::int64_t sum = 0;
    for (const Refund& r : data.money.refunds)
        if (r.payment == payment && r.done()) sum += r.amount;
    return sum;
}
std::int64_t underway(const Data& data, std::string_view payment) {
    std::int64_t sum = 0;
    for (const Refund& r : data.money.refunds)
        if (r.payment == payment && r.underway()) sum += r.amount;
    return sum;
}
std::int64_t lost(const Data& data, std::string_view payment) {
    std::int64_t sum = 0;
    for (const Dispute& d : data.money.disputes)
        if (d.payment == payment && d.phase == DisputePhase::lost) sum += d.amount;
    return sum;
}
std::int64_t kept(const Data& data, std::string_view payment) {
    std::int64_t sum = 0;
    for (const Kept& k : data.money.kept)
        if (k.payment == payment) sum += k.amount;
    return sum;
}
std::int64_t left(const Data& data, const Payment& payment) { return payment.waiting + kept(data, payment.id); }
bool dispute_open(const Data& data, std::string_view payment) {
    return std::any_of(data.money.disputes.begin(), data.money.disputes.end(),
                       [&](const Dispute& d) { return d.payment == payment && d.blocks(); });
}
bool any_dispute_open(const Data& data) {
    return std::any_of(data.money.disputes.begin(), data.money.disputes.end(),
                       [](const Dispute& d) { return d.phase == DisputePhase::inquiry || d.blocks(); });
}
bool captured_any(const Data& data) {
    return std::any_of(data.money.payments.begin(), data.money.payments.end(), [](const Payment& p) { return p.captured > 0; });
}
bool wholly_returned(const Data& data) {
    return captured_any(data) && std::all_of(data.money.payments.begin(), data.money.payments.end(),
                                             [&](const Payment& p) { return done(data, p.id) >= p.captured; });
}
bool failed_unanswered(const Data& data, const Refund& refund) {
    const Payment* payment = refund.phase == RefundPhase::failed ? find_payment(data, refund.payment) : nullptr;
    const auto& rows = data.money.refunds;
    return payment && payment->waiting > 0 && std::none_of(rows.begin(), rows.end(), [&](const Refund& row) {
               return row.follows == refund.id && (row.underway() || row.done());
           });
}
bool undecided(const Data& data) {
    return std::any_of(data.money.payments.begin(), data.money.payments.end(),
                       [](const Payment& p) { return p.role == Role::unasked && p.waiting > 0; });
}

std::int64_t take(Data& data, Payment& payment, std::int64_t amount) {
    std::int64_t found = std::min(payment.waiting, amount);
    payment.waiting -= found;
    for (const KeptCause cause : {KeptCause::session, KeptCause::policy, KeptCause::by_operator})
        for (Kept& row : data.money.kept) {
            if (row.payment != payment.id || row.cause != cause) continue;
            const auto part = std::min(row.amount, amount - found);
            row.amount -= part;
            found += part;
        }
    std::erase_if(data.money.kept, [](const Kept& row) { return row.amount == 0; });
    return found;
}

Refund* add_refund(Data& data, Payment& payment, std::int64_t amount, std::string_view cause, std::string_view id_base,
                   std::string_view follows) {
    const auto found = take(data, payment, amount);
    if (found <= 0) return nullptr;
    std::int64_t ordinal = 1;
    std::string before(follows); // a second row of one cause stands in for one that came to nothing: of its cause, or of another
    std::string other;
    for (const Refund& row : data.money.refunds) {
        if (row.payment != payment.id) continue;
        const bool came_to_nothing = !row.underway() && !row.done();
        if (row.cause != cause) {
            if (came_to_nothing) other = row.id;
            continue;
        }
        ordinal = std::max(ordinal, row.ordinal + 1);
        if (before.empty() && came_to_nothing) before = row.id;
    }
    if (before.empty() && ordinal > 1) before = other;
    data.refund_count += 1;
    data.money.refunds.push_back({.id = std::string(id_base) + "-r" + std::to_string(data.refund_count),
                                  .payment = payment.id,
                                  .stripe = {},
                                  .cause = std::string(cause),
                                  .ordinal = ordinal,
                                  .follows = std::move(before),
                                  .amount = found,
                                  .phase = dispute_open(data, payment.id) ? RefundPhase::held_by_dispute : RefundPhase::owed});
    return &data.money.refunds.back();
}

void release(Data& data, Refund& refund, RefundPhase end) {
    if (refund.underway() || refund.done())
        if (Payment* payment = find_payment(data, refund.payment)) {
            // What went out beyond captured is not there to wait again.
            const auto back = std::min(payment->overpaid, refund.amount);
            payment->overpaid -= back;
            payment->waiting += refund.amount - back;
        }
    refund.phase = end;
}

std::int64_t settle(Data& data, Refund& refund, std::int64_t amount, RefundPhase end) {
    std::int64_t missing = 0;
    if (Payment* payment = find_payment(data, refund.payment)) {
        const auto reserved = refund.underway() ? refund.amount : 0;
        if (amount < reserved) payment->waiting += reserved - amount;
        if (amount > reserved) {
            const auto needed = amount - reserved;
            auto found = take(data, *payment, needed);
            if (found < needed) {
                const auto kept_phase = refund.phase;
                refund.phase = RefundPhase::replaced; // not one of those that give way
                give_way(data, *payment, needed - found);
                refund.phase = kept_phase;
                found += take(data, *payment, needed - found);
            }
            missing = needed - found;
            payment->overpaid += missing;
        }
    }
    refund.amount = amount;
    refund.phase = end;
    return missing;
}

bool revive(Data& data, Refund& refund, RefundPhase phase) {
    Payment* payment = find_payment(data, refund.payment);
    if (!payment || left(data, *payment) < refund.amount) return false;
    take(data, *payment, refund.amount);
    refund.phase = phase;
    return true;
}

void give_way(Data& data, Payment& payment, std::int64_t amount) {
    for (auto row = data.money.refunds.rbegin(); row != data.money.refunds.rend() && payment.waiting < amount; ++row)
        if (row->payment != payment.id || !row->underway()) {
            continue;
        } else if (row->phase == RefundPhase::owed ||
                   row->phase == RefundPhase::held_by_dispute) { // not asked for yet: it shrinks
            const auto part = std::min(row->amount, amount - payment.waiting);
            row->amount -= part;
            payment.waiting += part;
            if (row->amount == 0) row->phase = RefundPhase::replaced;
        } else {
            release(data, *row, RefundPhase::replaced);
        }
}

void keep(Data& data, Payment& payment, std::int64_t amount, KeptCause cause) {
    amount = std::min(amount, payment.waiting);
    if (amount <= 0) return;
    payment.waiting -= amount;
    for (Kept& row : data.money.kept)
        if (row.payment == payment.id && row.cause == cause) {
            row.amount += amount;
            return;
        }
    data.money.kept.push_back({payment.id, amount, cause});
}

void unkeep(Data& data, KeptCause cause) {
    for (const Kept& row : data.money.kept)
        if (row.cause == cause)
            if (Payment* payment = find_payment(data, row.payment)) payment->waiting += row.amount;
    std::erase_if(data.money.kept, [&](const Kept& row) { return row.cause == cause; });
}

std::int64_t lose(Data& data, Payment& payment, std::int64_t amount) {
    auto found = take(data, payment, amount);
    for (Refund& row : data.money.refunds) {
        if (found >= amount) break;
        if (row.payment != payment.id || row.phase != RefundPhase::held_by_dispute) continue;
        release(data, row, RefundPhase::returned_by_dispute);
        found += take(data, payment, amount - found);
    }
    payment.overpaid += amount - found;
    return amount - found;
}

void regain(Payment& payment, std::int64_t amount) {
    const auto back = std::min(payment.overpaid, amount); // what had gone out besides is not there to wait again
    payment.overpaid -= back;
    payment.waiting += amount - back;
}

std::int64_t share(const Terms& terms, std::int64_t captured, std::int64_t notice_seconds) {
    std::int64_t percent = terms.refund.empty() ? 100 : 0;
    std::int64_t best = -1;
    for (const RefundTier& tier : terms.refund)
        if (tier.notice_seconds <= notice_seconds && tier.notice_seconds > best) {
            best = tier.notice_seconds;
            percent = tier.percent;
        }
    percent = std::clamp<std::int64_t>(percent, 0, 100);
    return captured / 100 * percent + (captured % 100 * percent + 99) / 100; // in two parts, so that nothing overflows
}

} // namespace appointd::booking::money
