#include "adapters/calendly/client.hpp"
#include "adapters/calendly/translation.hpp"
#include "adapters/fields.hpp"
#include "foundation/encoding.hpp"

namespace appointd::adapters::calendly {
namespace {

constexpr int longest_chain = 10; // reschedules followed in one look
constexpr int most_pages = 3;     // of events, in a search by claim
constexpr int most_events = 40;   // whose invitees are read, in a search by claim
constexpr int few_events = 5;     // the same, where the address that was given took no slot: the account's sweeps find the rest
constexpr std::chrono::minutes slack{5};

bool canceled(const json::object& invitee) { return lenient_text(invitee, "status") == "canceled"; }

std::optional<std::string> successor(const json::object& invitee) { return identifier(invitee, "new_invitee"); }

/// A booking's id begins with the moment when it began.
Time begin_of(const engine::WorkflowId& booking) {
    std::int64_t millis = 0;
    for (int byte = 0; byte < 6; ++byte) millis = millis * 256 + booking.get().data[byte];
    return Time{std::chrono::milliseconds(millis)};
}

} // namespace

/// What Calendly says now enters as the events that its webhooks would have been, with the same ids: a lost webhook is made up
/// for, and one that was not lost is a duplicate. Without an invitee the booking is looked for by the claim in the tracking
/// fields.
asio::awaitable<engine::AttemptResult> Client::look_at_slot(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange) {
    const auto uri = text_field(request, "invitee");
    Reading reading;
    if (uri)
        reading = co_await read_invitee(attempt, exchange, *uri);
    else
        reading = co_await find_by_claim(attempt, request, exchange);
    if (reading.trouble) co_return *reading.trouble;
    if (!reading.found) {
        const json::object nothing{{"found", false}};
        co_return succeeded(nothing);
    }
    std::vector<engine::Incoming> learned;
    auto trouble = co_await learn(attempt, exchange, reading.body, !uri, learned);
    if (trouble) co_return *trouble;
    auto result = succeeded(facts_of(reading.body));
    result.learned = std::move(learned);
    co_return result;
}

asio::awaitable<Client::Reading> Client::read_invitee(const engine::Attempt& attempt, Exchange& exchange, std::string uri) {
    Reading reading;
    const auto path = path_of(uri, config_.base);
    const auto last = path ? path->find("/invitees/") : std::string::npos;
    if (last == std::string::npos) {
        reading.trouble = failed("bad_request", "this is no invitee's URI");
        co_return reading;
    }
    const auto invitee = co_await get(exchange, *path);
    if (invitee.arrived() && invitee.response.status == 404) co_return reading;
    if (!invitee.ok()) {
        reading.trouble = refusal(attempt, exchange, invitee);
        co_return reading;
    }
    const auto event = co_await get(exchange, path->substr(0, last));
    if (event.arrived() && event.response.status == 404) co_return reading;
    if (!event.ok()) {
        reading.trouble = refusal(attempt, exchange, event);
        co_return reading;
    }
    if (resource_of(invitee).empty() || resource_of(event).empty()) {
        reading.trouble = bad_answer("calendly", "resource");
        co_return reading;
    }
    reading.found = true;
    reading.body = resource_of(invitee);
    reading.body["scheduled_event"] = resource_of(event);
    co_return reading;
}

engine::Incoming Client::seen(std::string_view type, const json::object& invitee) const {
    const Sighting sighting{type, invitee, "reconcile", world_.clock.now(), std::nullopt};
    return to_incoming(sighting, session_types_, fresh_);
}

/// Follows the chain of reschedules to its end. `claimed`: found by the claim, so the booking may not know the slot at all.
asio::awaitable<std::optional<engine::AttemptResult>> Client::learn(const engine::Attempt& attempt, Exchange& exchange,
                                                                    const json::object& invitee, bool claimed,
                                                                    std::vector<engine::Incoming>& learned) {
    json::object current = invitee;
    for (int hop = 0; hop < longest_chain; ++hop) {
        if (hop > 0 || claimed || identifier(current, "old_invitee")) learned.push_back(seen("invitee.created", current));
        if (object_field(current, "no_show")) learned.push_back(seen("invitee_no_show.created", current));
        if (!canceled(current)) break;
        learned.push_back(seen("invitee.canceled", current));
        const auto next = successor(current);
        if (!next) break;
        auto reading = co_await read_invitee(attempt, exchange, *next);
        if (reading.trouble) co_return reading.trouble;
        if (!reading.found) break;
        current = std::move(reading.body);
    }
    co_return std::nullopt;
}

json::object Client::facts_of(const json::object& invitee) const {
    json::object facts{{"found", true},
                       {"status", canceled(invitee) ? "canceled" : "active"},
                       {"rescheduled", lenient_bool(invitee, "rescheduled").value_or(false) || successor(invitee)},
                       {"new_invitee", nullable(successor(invitee))}};
    if (canceled(invitee)) {
        const auto* cancellation = object_field(invitee, "cancellation");
        facts["at"] = nullable(cancellation ? time_field(*cancellation, "created_at") : std::nullopt);
        facts["canceled_by"] = nullable(cancellation ? lenient_text(*cancellation, "canceled_by") : std::nullopt);
        facts["by"] = cancellation && lenient_text(*cancellation, "canceler_type") == "invitee" ? "invitee" : "host";
        return facts;
    }
    const auto slot = parse_object(seen("invitee.created", invitee).event.payload).value_or(json::object{});
    for (const auto& field : slot) facts[field.key()] = field.value();
    const auto* location = object_field(slot, "location");
    facts["join_url"] = nullable(location ? text_field(*location, "join_url") : std::nullopt);
    return facts;
}

asio::awaitable<std::optional<engine::AttemptResult>> Client::learn_identity(const engine::Attempt& attempt, Exchange& exchange) {
    if (identity_) co_return std::nullopt;
    const auto answer = co_await get(exchange, "/users/me");
    if (!answer.ok()) co_return refusal(attempt, exchange, answer);
    const auto user = identifier(resource_of(answer), "uri"),
               organization = identifier(resource_of(answer), "current_organization");
    if (!user) co_return bad_answer("calendly", "resource.uri");
    identity_ = Identity{*user, organization.value_or("")};
    co_return std::nullopt;
}

asio::awaitable<Answer> Client::list_events(Exchange& exchange, Time from, std::string page_token, std::string email) {
    const bool wide = organization_wide_ && !identity_->organization.empty();
    Fields query{{wide ? "organization" : "user", wide ? identity_->organization : identity_->user},
                 {"min_start_time", to_iso(from)},
                 {"sort", "start_time:asc"},
                 {"count", "100"}};
    if (!email.empty()) query.emplace_back("invitee_email", email);
    if (!page_token.empty()) query.emplace_back("page_token", std::move(page_token));
    auto answer = co_await get(exchange, "/scheduled_events?" + form_encode(query));
    if (wide && answer.arrived() && answer.response.status == 403) { // a member's token sees its own events only
        organization_wide_ = false;
        answer = co_await list_events(exchange, from, "", std::move(email));
    }
    co_return answer;
}

/// The invitee of one event who carries the claim.
asio::awaitable<Client::Reading> Client::find_among(const engine::Attempt& attempt, Exchange& exchange, std::string booking,
                                                    json::object event) {
    Reading reading;
    const auto path = path_of(identifier(event, "uri").value_or(""), config_.base);
    if (!path) co_return reading;
    const auto answer = co_await get(exchange, *path + "/invitees?count=100");
    if (!answer.ok()) {
        reading.trouble = refusal(attempt, exchange, answer);
        co_return reading;
    }
    const auto* invitees = array_field(answer.object(), "collection");
    if (!invitees) co_return reading;
    for (const auto& entry : *invitees) {
        const auto* invitee = entry.if_object();
        const auto* tracking = invitee ? object_field(*invitee, "tracking") : nullptr;
        if (!tracking || lenient_text(*tracking, "utm_content") != booking) continue;
        reading.found = true;
        reading.body = *invitee;
        reading.body["scheduled_event"] = std::move(event);
        break;
    }
    co_return reading;
}

asio::awaitable<Client::Reading> Client::search(const engine::Attempt& attempt, Exchange& exchange, Wanted wanted) {
    Reading reading;
    int read = 0;
    std::string page_token;
    for (int page = 0; page < most_pages; ++page) {
        const auto answer = co_await list_events(exchange, wanted.since, page_token, wanted.email);
        if (!answer.ok()) {
            reading.trouble = refusal(attempt, exchange, answer);
            co_return reading;
        }
        const auto* events = array_field(answer.object(), "collection");
        if (!events) break;
        for (const auto& entry : *events) {
            const auto* event = entry.if_object();
            if (!event || (wanted.event_type && identifier(*event, "event_type") != wanted.event_type)) continue;
            if (time_field(*event, "created_at").value_or(wanted.since) < wanted.since || ++read > wanted.most_reads) continue;
            reading = co_await find_among(attempt, exchange, wanted.booking, *event);
            if (reading.trouble || reading.found) co_return reading;
        }
        const auto* pagination = object_field(answer.object(), "pagination");
        page_token = pagination ? lenient_text(*pagination, "next_page_token").value_or("") : "";
        if (page_token.empty()) break;
    }
    co_return reading;
}

/// Most take the slot under the address they gave: those are found by one call, however much else is booked.
asio::awaitable<Client::Reading> Client::find_by_claim(const engine::Attempt& attempt, const json::object& request,
                                                       Exchange& exchange) {
    Reading reading;
    const auto booking = text_field(request, "booking");
    const auto id = booking ? engine::parse_workflow_id(*booking) : std::nullopt;
    if (!id) {
        reading.trouble = failed("bad_request", "the stored request lacks booking");
        co_return reading;
    }
    reading.trouble = co_await learn_identity(attempt, exchange);
    if (reading.trouble) co_return reading;
    Wanted wanted{*booking, text_field(request, "event_type"), text_field(request, "email").value_or(""), begin_of(*id) - slack,
                  most_events};
    reading = co_await search(attempt, exchange, wanted);
    if (reading.trouble || reading.found || wanted.email.empty()) co_return reading;
    wanted.email.clear();
    wanted.most_reads = few_events;
    reading = co_await search(attempt, exchange, wanted);
    co_return reading;
}

} // namespace appointd::adapters::calendly
