#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>

namespace appointd::booking::ask_if {
namespace {

/// Its create has not answered. Complete: the intent's own event, which names no session, was faster than that answer.
bool session_untold(const Checkout& checkout) {
    const bool begun = checkout.phase == CheckoutPhase::making || checkout.phase == CheckoutPhase::complete;
    return begun && checkout.session.empty();
}

bool ours(const Step& step, std::string_view session) {
    if (session.empty()) return true; // an intent's own event: it bears our mark, and only our sessions set that
    for (const Checkout& checkout : step.data.checkouts)
        if (checkout.session == session || session_untold(checkout)) return true;
    return false;
}

bool processing_money(const Data& data) {
    return std::any_of(data.money.payments.begin(), data.money.payments.end(),
                       [](const Payment& payment) { return payment.phase == PaymentPhase::processing; });
}

const Checkout* checkout_of(const Step& step, std::string_view session) {
    for (const Checkout& checkout : step.data.checkouts)
        if (checkout.session == session) return &checkout;
    return nullptr;
}

bool phase_is(const Step& step, CheckoutPhase phase) {
    const Checkout* checkout = step.data.checkout();
    return checkout && checkout->phase == phase;
}

/// The booking as it would be with this refund event booked.
Data afterwards(const Step& step) {
    Step copy = step;
    act::book_refund(copy);
    return std::move(copy.data);
}

} // namespace

bool tells_its_session(const Step& step) {
    const Payment* known = money::find_payment(step.data, text(step, "payment"));
    const auto session = text(step, "session");
    if (!known || known->phase != PaymentPhase::captured || session.empty()) return false;
    const Checkout* checkout = checkout_of(step, session);
    if (!checkout) return step.data.one_being_made();
    return !checkout->closed();
}
bool service_paid(const Step& step) { return money::service(step.data) != nullptr; }
bool as_asked(const Step& step) {
    const Terms& terms = step.data.terms;
    if (service_paid(step) || terms.price <= 0) return false;
    if (text(step, "currency") != terms.currency || !ours(step, text(step, "session"))) return false;
    const auto total = number(step, "amount");
    const auto subtotal = int_field(step.payload, "subtotal").value_or(total);
    const auto discount = number(step, "discount"), tax = number(step, "tax");
    if (subtotal != terms.price || total != subtotal - discount + tax) return false;
    return (discount == 0 || terms.allow_promotion_codes) && (tax == 0 || terms.automatic_tax);
}
bool revivable(const Step& step) {
    return as_asked(step) && step.data.terms.late_money == "revive" && step.data.slot.phase == SlotPhase::held &&
           step.data.slot.start && step.input.now < *step.data.slot.start;
}
bool window_left(const Step& step) { return step.data.deadline && step.input.now < *step.data.deadline; }
bool undecided_money(const Step& step) { return money::undecided(step.data); }
bool held_by_money(const Step& step) { return undecided_money(step) || processing_money(step.data); }

bool fails_this_payment(const Step& step) {
    const Payment* payment = money::find_payment(step.data, text(step, "payment"));
    if (payment && payment->phase == PaymentPhase::processing) return true;
    // The failure may overtake the news that the session completed unpaid.
    const Checkout* checkout = step.data.checkout();
    return checkout && !checkout->session.empty() && checkout->session == text(step, "session");
}
bool failure_with_window(const Step& step) { return fails_this_payment(step) && window_left(step); }

bool checkout_open(const Step& step) { return phase_is(step, CheckoutPhase::open); }
bool checkout_expiring(const Step& step) { return phase_is(step, CheckoutPhase::expiring); }
bool current_checkout(const Step& step) {
    const Checkout* checkout = step.data.checkout();
    return checkout && checkout->session == text(step, "session") && !held_by_money(step);
}
bool current_with_window(const Step& step) { return current_checkout(step) && window_left(step) && !checkout_expiring(step); }
bool makes_this_checkout(const Step& step) {
    const Checkout* checkout = step.data.checkout();
    return checkout && checkout->n == int_field(request(step), "n").value_or(0) &&
           (checkout->phase == CheckoutPhase::making || checkout->phase == CheckoutPhase::failed);
}
bool refuses_this_checkout(const Step& step) { return makes_this_checkout(step) && !used_up(step); }
bool says_expired(const Step& step) {
    const Checkout* checkout = checkout_of(step, text_or_empty(request(step), "session"));
    return text_or_empty(result(step), "status") == "expired" && checkout && !checkout->closed();
}
bool open_unwanted(const Step& step) {
    const Checkout* checkout = checkout_of(step, text_or_empty(request(step), "session"));
    if (text_or_empty(result(step), "status") != "open" || !checkout || checkout->closed()) return false;
    return checkout->phase == CheckoutPhase::expiring || !is_unpaid(step.from);
}
bool says_complete(const Step& step) { return text_or_empty(result(step), "status") == "complete"; }

bool all_back(const Step& step) {
    const Data after = afterwards(step);
    return money::captured_any(after) && !money::undecided(after) && money::wholly_returned(after);
}
bool all_back_with_window(const Step& step) { return window_left(step) && all_back(step); }
bool service_back(const Step& step) {
    const Payment* paid = money::service(step.data);
    return paid && paid->id == text(step, "payment") && paid->captured > 0 &&
           money::done(afterwards(step), paid->id) >= paid->captured;
}
bool sum_agrees(const Step& step) {
    const auto payment = text(step, "payment");
    // Of what Stripe told us: what was returned elsewhere it does not count, and what we only asked for may have been refused.
    std::int64_t back = 0, pending = 0;
    for (const Refund& row : step.data.money.refunds) {
        if (row.payment != payment || row.stripe.empty()) continue;
        if (row.phase == RefundPhase::done) back += row.amount;
        if (row.phase == RefundPhase::pending) pending += row.amount;
    }
    const auto told = number(step, "amount_refunded");
    return told == back || told == back + pending;
}
bool prevented(const Step& step) { return text(step, "status") == "prevented"; }
bool inquiry(const Step& step) { return truth(step, "inquiry"); }
bool refund_made(const Step& step) { return text_or_empty(result(step), "done") == "made"; }
bool refund_blocked(const Step& step) { return text_or_empty(result(step), "done") == "disputed"; }
bool used_up(const Step& step) { return truth(step, "exhausted"); }
bool may_have_landed(const Step& step) { return truth(step, "exhausted") || truth(step, "skipped"); }
bool list_tells_news(const Step& step) { return !act::news_of_list(step).empty(); }
bool settled(const Step& step) { return money::wholly_returned(step.data); }
bool unsettled_ledger(const Step& step) { return !money::wholly_returned(step.data); }

} // namespace appointd::booking::ask_if
