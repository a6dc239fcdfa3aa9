#pragma once

#include "foundation/result.hpp"
#include "sandbox/call.hpp"
#include "sandbox/identifiers.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/stripe/form.hpp"
#include "sandbox/stripe/idempotency.hpp"
#include "sandbox/stripe/state.hpp"

#include <functional>
#include <set>

namespace appointd::sandbox::stripe {

/// How an API call is to be carried out, as the faults ask for it.
enum class Execution {
    normal,
    stored_error,      ///< began, did nothing, answered 500, and that answer is stored under the key
    stored_error_done, ///< was carried out, yet answered 500, and that answer is stored
};

/// What a customer does on the pay page.
struct Payment {
    std::string email{}; ///< empty: as the session says
    std::string name = "Ann Poe";
    std::optional<std::int64_t> amount{}; ///< other than what was asked: plays a wrong amount
    std::string currency{};               ///< likewise
    std::int64_t discount = 0;
    std::int64_t tax = 0;
};

struct RefundOrder {
    std::string payment{};                ///< id of a payment intent or a charge
    std::optional<std::int64_t> amount{}; ///< none: all that is left
    std::string reason{};
    json::object metadata{};
};

/// Stripe, reduced to what happens: pure, no clock, no socket. Every member takes the moment it happens at.
/// Not synchronised. Errors of the people's verbs: not_found, invalid, and for refunds Stripe's own codes.
class Machine {
public:
    Machine(Settings settings, std::uint64_t seed, Journal& journal);

    net::Response api(const Call& call, Time now, Execution execution = Execution::normal);
    /// The pay page: GET shows it, POST with action=pay|decline|later.
    net::Response page(const Call& call, Time now);
    /// Sessions past their expires_at expire.
    void tick(Time now);

    // A call under way holds its Idempotency-Key.
    void hold(const Call& call);
    void release(const Call& call);

    // What people do.
    Result<std::string> pay(std::string_view session, const Payment& payment, Time now); ///< the payment intent, "" if free
    Result<> decline(std::string_view session, std::string_view code, Time now);
    Result<std::string> pay_later(std::string_view session, const Payment& payment, Time now);
    Result<> settle_later(std::string_view session, bool success, Time now);
    Result<> expire(std::string_view session, Time now);
    /// Money from outside any session: another program of the account, or an orphan with metadata.
    std::string capture_stray(std::int64_t amount, std::string_view currency, json::object metadata, Time now);
    Result<std::string> refund_by_hand(const RefundOrder& order, Time now);
    Result<> settle_refund(std::string_view refund, std::string_view status, std::string_view failure_reason, Time now);
    Result<std::string> open_dispute(std::string_view payment, std::optional<std::int64_t> amount, std::string_view reason,
                                     bool inquiry, Time now);
    /// outcome: won, lost, warning_closed.
    Result<> close_dispute(std::string_view dispute, std::string_view outcome, Time now);

    /// A second event object for the change that `event` tells of; nullopt: no such event.
    std::optional<Webhook> twin_of(std::string_view event, Time now);
    void delivered(std::string_view event);
    net::Response rate_limited() const;
    net::Response failed(int status) const;

    const State& state() const { return state_; }
    Settings& settings() { return settings_; }
    const Settings& settings() const { return settings_; }

private:
    /// What a call came to, and whether its key remembers it.
    struct Outcome {
        int status = 200;
        json::value body{};
        bool executed = true; ///< false: refused before anything began
    };
    struct Row {
        std::string id;
        Time created_at;
        std::function<json::object()> render;
    };

    Outcome route(const Call& call, const Form& form, Time now);
    Outcome read(const Call& call, const Form& form, Time now) const;
    Outcome create_session(const Form& form, Time now);
    std::optional<Outcome> check_session(const Form& form, Time now) const;
    Outcome expire_session(const std::string& id, Time now);
    Outcome update_session(const std::string& id, const Form& form, Time now);
    Outcome create_refund(const Form& form, Time now);
    Outcome update_refund(const std::string& id, const Form& form, Time now);
    Outcome cancel_refund(const std::string& id, Time now);
    Outcome list_sessions(const Form& form) const;
    Outcome list_refunds(const Form& form) const;
    Outcome list_events(const Form& form) const;
    Outcome list_payments(const Form& form, bool charges) const;
    Outcome list_disputes(const Form& form) const;
    Outcome list(std::string_view url, const Form& form, std::vector<Row> rows) const;
    Outcome expanded(Outcome outcome, const Form& form) const;
    static Outcome refuse(int status, std::string_view code, std::string_view message, std::string_view param = "",
                          bool executed = false);
    static Outcome missing(std::string_view what, std::string_view id, std::string_view param = "id");
    static std::optional<Outcome> unknown_in(const Form& form, std::span<const std::string_view> patterns);

    Outcome refund(const RefundOrder& order, Time now);
    PaymentIntent& intent_for(Session& session, const Payment& payment, Time now);
    Charge& charge_for(PaymentIntent& intent, std::string_view status, Time now);
    Result<Session*> open_session(std::string_view id, Time now);
    void complete(Session& session, const Payment& payment, std::string_view payment_status);
    Charge* charge_named(std::string_view payment_or_charge);
    void refund_events(const Refund& refund, const json::object& previous, std::string_view main_type, Time now);
    void expire_now(Session& session, Time now);
    void emit(std::string_view type, json::object object, Time now, json::object previous = {});
    Webhook webhook_for(const Event& event, std::string_view object) const;
    void note(std::string_view kind, std::string_view object, std::string_view booking, std::string_view key, Time now);
    net::Response respond(const Outcome& outcome, const std::string& request_id, const std::string& key) const;

    Settings settings_;
    State state_;
    Identifiers ids_;
    Journal& journal_;
    IdempotencyStore keys_;
    std::set<std::pair<Time, std::string>> open_until_; ///< open sessions by expires_at
    std::string request_id_;                            ///< of the call under way, or empty: a person or time did it
    std::string request_key_;
    Time second_{};
    int calls_in_second_ = 0;
};

} // namespace appointd::sandbox::stripe
