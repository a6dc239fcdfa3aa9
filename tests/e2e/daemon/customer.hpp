#pragma once

#include "tests/e2e/daemon/stage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace appointd::e2e {

/// One booking, taken by hand step by step. Each step throws std::runtime_error when it does not come right within its time.
class Customer {
public:
    Customer(Stage& stage, std::string session_type, std::string email = "ann.poe@example.org");

    /// POST /api/bookings, and the scheduling link.
    void ask();
    /// Takes a slot through the link that begins so long from now.
    void take_slot(std::chrono::seconds from_now = std::chrono::hours(48));
    /// `more` overrides what the sandbox's calendly/book is told.
    void take_slot_at(Time start, json::object more = {});
    /// Takes a slot straight on Calendly, of the event type that is named like the session type, and finds the booking it began.
    void book_directly(Time start, json::object more = {});
    /// ask, take_slot, and the checkout link.
    void reach_checkout();
    /// reach_checkout, pay, and the join link.
    void reach_meeting();
    void pay();
    /// At Calendly; invitee() is the new one then.
    void reschedule(Time start);
    void cancel(std::string_view by = "invitee", std::optional<Time> at = {});
    /// Plays the session at Zoom: started, the guest joined (where wanted), ended.
    void meet(Time start, Time end, bool guest = true);

    std::string await_link(std::string_view name, std::string_view other_than = "");
    void await_state(std::string_view state);
    /// Waits until `is_so` likes the workflow's detail; the message says what was waited for.
    json::object await_detail(std::string_view what, const std::function<bool(const json::object&)>& is_so);
    void await_attention(std::string_view reason);
    void await_no_attention();
    void await_start(Time start);
    /// money.NAME is so much.
    void await_money(std::string_view name, std::int64_t amount);
    /// No call of this booking is open, no webhook is on its way, and all that came is in the history: but for timers nothing
    /// more will happen by itself.
    void await_quiet();

    /// A verb of the sandbox's control API; throws where it is refused.
    json::object control(const std::string& verb, json::object body);
    /// An operator's event; its HTTP status.
    int operate(const std::string& type, json::object payload = {}) { return send(type, std::move(payload)).status; }
    net::ClientResponse send(const std::string& type, json::object payload, bool dry_run = false);

    const std::string& id() const { return id_; }
    void adopt(std::string id) { id_ = std::move(id); }
    const std::string& invitee() const { return invitee_; }
    /// The customer's page with its key, where the booking was asked for.
    const std::string& page() const { return page_; }
    std::string session() const;
    /// The first payment at Stripe.
    std::string payment();
    json::object detail();
    json::object data() { return part(detail(), "data"); }
    json::object money() { return part(data(), "money"); }
    std::string meeting() { return text_field(part(data(), "meeting"), "id").value_or(""); }
    /// "DISPOSITION: REASON" of each event of this type in the history, oldest first.
    std::vector<std::string> decisions(std::string_view type);
    /// Of the last event of this type.
    json::object payload(std::string_view type);
    /// The raw body of the last event of this type, as stored.
    std::string raw(std::string_view type);
    /// The id of the last call of this kind, "" where there is none.
    std::string call_id(std::string_view kind);
    /// The stored request of the last call of this kind.
    json::object request(std::string_view kind);
    std::string state();
    std::vector<std::string> attention();
    /// What truly happened at the providers for this booking.
    json::object ledger() { return stage_.sandbox().ledger(id_); }
    std::size_t live_meetings();
    bool slot_is_taken();

    static json::object part(const json::object& object, std::string_view name);

private:
    json::array history();
    json::object last_call(std::string_view kind);

    Stage& stage_;
    std::string session_type_, email_, id_, page_, scheduling_, checkout_, invitee_;
};

} // namespace appointd::e2e
