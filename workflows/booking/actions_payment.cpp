#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>

namespace appointd::booking::act {
namespace {

Checkout* checkout_of(Step& step, std::string_view session) {
    if (session.empty()) return nullptr;
    for (Checkout& checkout : step.data.checkouts)
        if (checkout.session == session) return &checkout;
    return nullptr;
}

void close(Checkout& checkout, CheckoutPhase phase) {
    checkout.phase = phase;
    checkout.url.clear();
}

void expire(Step& step, Checkout& checkout) {
    if (!ask(step, "checkout.expire", "stripe", 0, requests::checkout_expire(step.input.self, checkout.session))) return;
    close(checkout, CheckoutPhase::expiring);
}

/// Unless another one may stand at Stripe, whose create was skipped.
void clear_checkout_open(Data& data) {
    const auto& checkouts = data.checkouts;
    if (std::none_of(checkouts.begin(), checkouts.end(), [](const Checkout& checkout) { return checkout.unknown; }))
        clear_flag(data, "checkout_open");
}

/// The session that brought this payment is complete. A session that pays before we know its id is the one being made.
void complete_session(Step& step, std::string_view session) {
    if (Checkout* known = checkout_of(step, session)) return close(*known, CheckoutPhase::complete);
    Checkout* current = step.data.checkout();
    if (session.empty() || !step.data.one_being_made()) return;
    current->session = std::string(session);
    close(*current, CheckoutPhase::complete);
}

/// The intent's own event names no session. It is the open one's in all likelihood, which its own event, or else reconciliation,
/// tells: until then nobody is sent there any more. One still being made is expired when its answer comes.
void doubt_session(Step& step) {
    if (Checkout* current = step.data.checkout(); current && current->phase == CheckoutPhase::open)
        close(*current, CheckoutPhase::expiring);
}

Payment& payment_row(Step& step) {
    const auto id = text(step, "payment");
    bind_payment(step, id);
    if (Payment* known = money::find_payment(step.data, id)) {
        if (auto session = text(step, "session"); !session.empty()) known->session = std::move(session);
        return *known;
    }
    step.data.money.payments.push_back({.id = id, .session = text(step, "session"), .currency = text(step, "currency")});
    return step.data.money.payments.back();
}

Payment& book(Step& step, Role role) {
    Payment& payment = payment_row(step);
    payment.phase = PaymentPhase::captured;
    payment.role = role;
    payment.currency = text(step, "currency");
    payment.captured = number(step, "amount");
    payment.waiting = payment.captured;
    const auto session = text(step, "session");
    if (session.empty() && role == Role::service)
        doubt_session(step);
    else
        complete_session(step, session);
    return payment;
}

} // namespace

void make_checkout(Step& step) {
    auto& checkouts = step.data.checkouts;
    if (std::any_of(checkouts.begin(), checkouts.end(), [](const Checkout& checkout) { return !checkout.closed(); })) return;
    drop_failed_calls(step, "checkout.create"); // an earlier one that failed is replaced by this
    const auto n = checkouts.empty() ? 1 : checkouts.back().n + 1;
    if (!ask(step, "checkout.create", "stripe", 2, requests::checkout_create(step.input.self, step.data, n))) return;
    checkouts.push_back({.n = n, .session = {}, .url = {}, .phase = CheckoutPhase::making});
    constexpr std::size_t remembered = 20; // a window of weeks makes one a day
    if (checkouts.size() > remembered) checkouts.erase(checkouts.begin());
}

void close_checkouts(Step& step) {
    // Once it is paid, an expiring one may be in doubt only (doubt_session): asking twice does no harm.
    const bool doubtful = step.from >= State::confirmed;
    for (Checkout& checkout : step.data.checkouts)
        if (checkout.phase == CheckoutPhase::open || (doubtful && checkout.phase == CheckoutPhase::expiring))
            expire(step, checkout);
}

void checkout_made(Step& step) {
    forget_failed_call(step);
    clear_flag(step.data, "checkout_failed");
    Checkout& checkout = *step.data.checkout();
    checkout.session = text_or_empty(result(step), "session");
    checkout.url = text_or_empty(result(step), "url");
    checkout.phase = CheckoutPhase::open;
}

void checkout_unwanted(Step& step) {
    checkout_made(step);
    expire(step, *step.data.checkout());
}

void checkout_not_made(Step& step) {
    const bool exhausted = truth(step, "exhausted"), skipped = truth(step, "skipped");
    if (!exhausted) close(*step.data.checkout(), CheckoutPhase::failed);
    if (exhausted || is_unpaid(step.from)) {
        note_failed_call(step, "checkout.create", "checkout_failed");
    } else { // nobody wants it any more
        forget_failed_call(step);
        clear_flag(step.data, "checkout_failed");
    }
    if (skipped) flag_unknown_checkout(step);
}

void flag_unknown_checkout(Step& step) {
    if (Checkout* checkout = step.data.checkout(); checkout && checkout->phase == CheckoutPhase::failed) checkout->unknown = true;
    raise_flag(step, "checkout_open", "its create was skipped: it may stand at Stripe, and what it brings goes back");
}

void checkout_not_wanted(Step& step) {
    forget_failed_call(step);
    close(*step.data.checkout(), CheckoutPhase::failed);
    if (truth(step, "skipped")) flag_unknown_checkout(step);
}

void expire_checkout(Step& step) {
    if (Checkout* checkout = step.data.checkout(); checkout && checkout->phase == CheckoutPhase::open) expire(step, *checkout);
}

void expire_again(Step& step) {
    drop_failed_calls(step, "checkout.expire"); // this one takes its place
    if (Checkout* checkout = checkout_of(step, text_or_empty(request(step), "session"))) expire(step, *checkout);
}

void mark_expired(Step& step) {
    if (Checkout* checkout = checkout_of(step, text(step, "session"))) close(*checkout, CheckoutPhase::expired);
    drop_failed_calls(step, "checkout.expire");
    clear_checkout_open(step.data);
}

void tell_expired(Step& step) {
    forget_failed_call(step);
    raise(step, "checkout.expired",
          {{"session", text_or_empty(request(step), "session")},
           {"booking", engine::to_string(step.input.self)},
           {"via", step.input.event.type}});
}

void tell_complete(Step& step) {
    forget_failed_call(step);
    clear_checkout_open(step.data);
    const json::object& answer = result(step);
    auto session = text_or_empty(answer, "session");
    if (session.empty()) session = text_or_empty(request(step), "session");
    Checkout* checkout = checkout_of(step, session);
    const Payment* known = money::find_payment(step.data, text_or_empty(answer, "payment"));
    const bool back = known && known->phase == PaymentPhase::captured && money::done(step.data, known->id) >= known->captured;
    if (back && checkout && !checkout->closed() && is_unpaid(step.from))
        return tell_expired(step); // what it brought went back: nobody can pay there any more
    if (checkout) close(*checkout, CheckoutPhase::complete);
    json::object fact{{"session", session}, {"booking", engine::to_string(step.input.self)}, {"via", step.input.event.type}};
    const auto payment = text_or_empty(answer, "payment");
    fact["payment"] = payment.empty() ? session : payment;
    if (text_or_empty(answer, "payment_status") == "unpaid") {
        raise(step, "payment.processing", fact);
        return;
    }
    for (const auto* name : {"amount", "subtotal", "discount", "tax", "currency"})
        if (const auto* value = answer.if_contains(name)) fact[name] = *value;
    raise(step, "payment.captured", fact);
}

void expire_failed(Step& step) { note_failed_call(step, "checkout.expire", "checkout_open"); }

void expire_orphan(Step& step) {
    const auto session = text_or_empty(result(step), "session");
    for (Checkout& checkout : step.data.checkouts) // now it is known
        if (checkout.n == int_field(request(step), "n").value_or(0) && checkout.closed() && checkout.session.empty()) {
            checkout.session = session;
            checkout.unknown = false;
        }
    clear_checkout_open(step.data);
    ask(step, "checkout.expire", "stripe", 0, requests::checkout_expire(step.input.self, session));
}

void book_service(Step& step) { book(step, Role::service); }
void book_unasked(Step& step) { book(step, Role::unasked); }
void flag_mismatch(Step& step) {
    raise_flag(step, "amount_mismatch",
               text(step, "payment") + ": " + std::to_string(number(step, "amount")) + " " + text(step, "currency") +
                   " instead of " + std::to_string(step.data.terms.price) + " " + step.data.terms.currency);
}
void flag_unexpected(Step& step) {
    raise_flag(step, "unexpected_money",
               text(step, "payment") + ": " + std::to_string(number(step, "amount")) + " " + text(step, "currency") +
                   ", and nothing was asked");
}

void book_and_return(Step& step) {
    Payment& payment = book(step, Role::surplus);
    const bool late = is_dead(step.from);
    money::add_refund(step.data, payment, payment.waiting, late ? "late" : "surplus", engine::to_string(step.input.self));
}

void book_processing(Step& step) {
    payment_row(step).phase = PaymentPhase::processing;
    const auto session = text(step, "session");
    if (!session.empty()) return complete_session(step, session);
    // The intent's own event names no session, and may come without or before the session's: money under way means that the one
    // open checkout is complete.
    Checkout* current = step.data.checkout();
    if (is_unpaid(step.from) && current && !current->closed()) close(*current, CheckoutPhase::complete);
}

void settle_session(Step& step) {
    complete_session(step, text(step, "session"));
    drop_failed_calls(step, "checkout.expire");
    clear_checkout_open(step.data);
}

void fail_payment(Step& step) {
    payment_row(step).phase = PaymentPhase::failed;
    if (Checkout* checkout = checkout_of(step, text(step, "session"))) close(*checkout, CheckoutPhase::complete);
    step.data.declined += 1;
}

void count_decline(Step& step) { step.data.declined += 1; }

void mark_paid(Step& step) {
    if (Payment* named = money::find_payment(step.data, text(step, "payment"))) {
        named->role = Role::service;
        named->accepted = true;
    } else {
        const auto amount = int_field(step.payload, "amount").value_or(step.data.terms.price);
        step.data.money.payments.push_back({.id = "outside:" + std::to_string(step.input.seq),
                                            .session = {},
                                            .currency = step.data.terms.currency,
                                            .phase = PaymentPhase::captured,
                                            .role = Role::service,
                                            .outside = true,
                                            .accepted = true,
                                            .captured = amount,
                                            .waiting = amount});
    }
    clear_money_flags(step);
    clear_flag(step.data, "paid_at_calendly");
    clear_flag(step.data, "checkout_failed");
}

} // namespace appointd::booking::act
