#pragma once

#include "workflows/booking/data.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The ledger's arithmetic. Each cent of a payment stands in exactly one place: waiting, kept, on its way back, back, or lost.
/// Every function here moves cents from one place to another, so the sum per payment never changes unseen (invariant M1).
namespace appointd::booking::money {

/// Sums in the booking's currency (the asked one; where nothing came in it, that of the first payment).
struct Sums {
    std::string_view currency;
    std::int64_t captured = 0, refunded = 0, refunding = 0, kept = 0, lost = 0, waiting = 0;
};
Sums sums(const Data& data);

Payment* find_payment(Data& data, std::string_view id);
const Payment* find_payment(const Data& data, std::string_view id);
const Payment* service(const Data& data);
Payment* service(Data& data);
Refund* find_refund(Data& data, std::string_view our_id);
/// The row an event of Stripe's is about: by our id, else by Stripe's; null where a person made the refund.
Refund* find_refund_of(Data& data, std::string_view our_id, std::string_view stripe_id);
const Refund* find_refund_of(const Data& data, std::string_view our_id, std::string_view stripe_id);

std::int64_t done(const Data& data, std::string_view payment);
std::int64_t underway(const Data& data, std::string_view payment);
std::int64_t lost(const Data& data, std::string_view payment);
std::int64_t kept(const Data& data, std::string_view payment);
/// What could still be given back: waiting and kept.
std::int64_t left(const Data& data, const Payment& payment);
bool dispute_open(const Data& data, std::string_view payment);
bool any_dispute_open(const Data& data);
/// captured > 0, and all of it went back (rule R).
bool wholly_returned(const Data& data);
bool captured_any(const Data& data);
/// It failed, money of its payment waits, and no row that stands took its place.
bool failed_unanswered(const Data& data, const Refund& refund);
/// Money nobody asked for, undecided.
bool undecided(const Data& data);

/// Up to `amount` from waiting, then from kept rows (session, policy, operator); answers how much was found.
std::int64_t take(Data& data, Payment& payment, std::int64_t amount);
/// A new row for `amount` of `payment`, taken from what is left (less where less is left); null where nothing is.
/// `id_base` makes its id; the row is owed, or held where a dispute is open.
Refund* add_refund(Data& data, Payment& payment, std::int64_t amount, std::string_view cause, std::string_view id_base,
                   std::string_view follows = {});
/// A row that will not be paid out after all: its amount waits again.
void release(Data& data, Refund& refund, RefundPhase end);
/// Underway to done. `amount` is what Stripe says; where it differs, the difference is found or given back to waiting.
/// Answers what could not be found anywhere (booked as overpaid).
std::int64_t settle(Data& data, Refund& refund, std::int64_t amount, RefundPhase end);
/// A failed row on its way again: false where its amount is no longer left.
bool revive(Data& data, Refund& refund, RefundPhase phase);
/// Rows underway give way to `amount` that went out otherwise, newest first: what was asked for whole, what was not yet by as
/// much as is needed. Their amounts wait again.
void give_way(Data& data, Payment& payment, std::int64_t amount);
void keep(Data& data, Payment& payment, std::int64_t amount, KeptCause cause);
/// kept(cause) of every payment waits again.
void unkeep(Data& data, KeptCause cause);
/// Takes `amount` as lost to a dispute: from waiting, kept, then rows that wait for the dispute ("returned by dispute").
/// Answers what had gone out already (booked as overpaid).
std::int64_t lose(Data& data, Payment& payment, std::int64_t amount);
/// The reverse: what a lost dispute took is with us again, and waits, less what had gone out besides.
void regain(Payment& payment, std::int64_t amount);

/// The policy's share of `captured` at this notice, rounded up; no tiers: all.
std::int64_t share(const Terms& terms, std::int64_t captured, std::int64_t notice_seconds);

} // namespace appointd::booking::money
