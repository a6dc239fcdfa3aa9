#pragma once

#include "foundation/result.hpp"
#include "sandbox/calendly/state.hpp"
#include "sandbox/call.hpp"
#include "sandbox/identifiers.hpp"
#include "sandbox/journal.hpp"

namespace appointd::sandbox::calendly {

/// What a person fills in on the booking page.
struct BookingForm {
    std::string event_type{};    ///< id or URI; may stay empty where `link` is given
    std::string link{};          ///< id or booking_url of a single-use link
    std::optional<Time> start{}; ///< none: the next free slot
    std::string email = "ann@example.org";
    std::string name = "Ann Poe";
    std::string timezone = "UTC";
    Fields tracking{}; ///< utm_*, salesforce_uuid
    json::value payment = nullptr;
    json::array answers{};
    std::string scheduling_method{};
};

/// Calendly, reduced to what happens: pure, no clock, no socket. Every member takes the moment it happens at.
/// Not synchronised. Errors of the people's verbs: not_found, slot_taken, link_used, already_canceled, in_the_past, invalid.
class Machine {
public:
    Machine(Settings settings, std::uint64_t seed, Journal& journal);

    /// The REST API.
    net::Response api(const Call& call, Time now);
    /// The host auth.calendly.com.
    net::Response auth(const Call& call, Time now);
    /// The pages people click through: booking, cancellation, reschedule.
    net::Response page(const Call& call, Time now);

    // What people do.
    EventType& add_event_type(EventType type, Time now);
    Result<std::string> book(const BookingForm& form, Time now); ///< the invitee's URI
    /// `at` may lie in the past, to play an old cancellation.
    Result<> cancel(std::string_view invitee, std::string_view by, std::string_view reason, Time at, Time now);
    Result<std::string> reschedule(std::string_view invitee, std::optional<Time> start, std::string_view by, Time now);
    Result<> set_no_show(std::string_view invitee, bool set, Time now);

    /// A subscription to all invitee events with the settings' signing key, in place of those that are there.
    void subscribe(const std::string& url, Time now);

    // What delivery reports.
    void delivery_failed(std::string_view subscription, bool for_good, Time now);
    void delivery_succeeded(std::string_view subscription, Time now);

    std::vector<Time> free_slots(const EventType& type, Time from, Time to, Time now) const;
    /// The limit answer with its headers, as the fault asks for it.
    net::Response rate_limited() const;
    net::Response failed(int status) const;

    const State& state() const { return state_; }
    Settings& settings() { return settings_; }
    const Settings& settings() const { return settings_; }

private:
    struct Window {
        Time since{};
        int used = 0;
    };
    enum class Access { ok, unknown, not_allowed };

    net::Response route(const Call& call, Time now);
    net::Response list_types(const Call& call) const;
    net::Response available_times(const Call& call, Time now) const;
    net::Response busy_times(const Call& call) const;
    net::Response list_events(const Call& call) const;
    net::Response list_invitees(const Call& call, const ScheduledEvent& event) const;
    net::Response cancel_event(const Call& call, ScheduledEvent& event, Time now);
    net::Response create_link(const Call& call);
    net::Response create_invitee(const Call& call, Time now);
    net::Response create_no_show(const Call& call, Time now);
    net::Response no_show_by_id(const Call& call, Time now);
    net::Response subscriptions(const Call& call, Time now);
    net::Response create_subscription(const Call& call, Time now);
    net::Response token(const Call& call, Time now);
    net::Response introspect(const json::object& body, Time now) const;
    net::Response issue_tokens(const std::string& scope, Time now);
    net::Response booking_page(const Call& call, const EventType& type, const Link* link, Time now);
    net::Response cancel_page(const Call& call, const Invitee& invitee, Time now);
    net::Response reschedule_page(const Call& call, const Invitee& invitee, Time now);
    net::Response booked_page(const Invitee& invitee, Time now) const;

    bool authorized(const Call& call, Time now) const;
    bool spend(Window& window, int limit, Time now) const;
    bool is_free(const EventType& type, Time start) const;
    ScheduledEvent& event_for(const EventType& type, Time start, Time now);
    Invitee& add_invitee(const EventType& type, Time start, const BookingForm& form, Time now);
    /// A conference that the webhook still showed as processing is there for whoever asks afterwards.
    static void push_conference(ScheduledEvent& event);
    void cancel_whole(ScheduledEvent& event, const Cancellation& cancellation, Time now);
    void emit(std::string_view type, const Invitee& invitee, Time now);
    void note(std::string_view kind, const Invitee& invitee, bool by_api, Time now);
    Invitee* invitee_named(std::string_view uri);
    net::Response error(int status, std::string_view title, std::string_view message, json::array details = {}) const;

    Settings settings_;
    State state_;
    Identifiers ids_;
    Journal& journal_;
    Window requests_;
    Window bookings_;
    Window tokens_;
};

} // namespace appointd::sandbox::calendly
