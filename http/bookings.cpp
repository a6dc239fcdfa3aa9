#include "http/bookings.hpp"

#include "foundation/digest.hpp"
#include "http/access.hpp"
#include "http/booking_request.hpp"
#include "http/reply.hpp"
#include "http/routing.hpp"

#include <boost/json/serialize.hpp>

#include <array>

namespace appointd::http {
namespace asio = boost::asio;
using engine::Answer;

namespace {

constexpr std::string_view kind = "booking";
constexpr std::string_view source = "api/default";

template <std::size_t N> std::array<std::uint8_t, N> draw(engine::Random& random) {
    std::array<std::uint8_t, N> bytes{};
    random.fill(bytes);
    return bytes;
}

template <std::size_t N> std::string draw_text(engine::Random& random) {
    const auto bytes = draw<N>(random);
    return to_hex(std::as_bytes(std::span(bytes)));
}

std::optional<net::Response> refuse_creation(Services& services, const Call& call) {
    const Settings& settings = services.given.settings;
    if (!settings.api_token.empty()) {
        if (bears(call.request, settings.api_token)) return std::nullopt;
        return unauthorized();
    }
    const auto wait = services.creations.take(call.request.remote, call.received);
    if (wait.count() == 0) return std::nullopt;
    net::Response response = problem(429, "rate_limited", "Too many bookings from this address; try again later.");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

struct NewBooking {
    engine::Incoming incoming;
    std::string page_key;
};

NewBooking make_booking(Services& services, const BookingRequest& request, json::object terms,
                        const std::optional<std::string>& key) {
    engine::Random& random = services.given.random;
    const Time now = services.given.clock.now();
    NewBooking made;
    made.page_key = draw_text<16>(random);
    json::object invitee;
    invitee["name"] = request.name;
    invitee["email"] = request.email;
    json::object payload;
    payload["session_type"] = request.session_type;
    payload["terms"] = std::move(terms);
    payload["invitee"] = std::move(invitee);
    payload["metadata"] = request.metadata;
    payload["page_key"] = made.page_key;
    payload["request_digest"] = request.digest;

    engine::Event& event = made.incoming.event;
    // A key is compared for as long as its booking lives, so the id has no moment of its own.
    event.id = key ? engine::make_event_id(Time{}, source, *key) : engine::make_event_id(now, source, draw_text<16>(random));
    event.source = "api";
    event.type = "booking.requested";
    event.occurred_at = now;
    event.payload = json::serialize(payload);
    engine::Address& address = made.incoming.address;
    address.unclaimed = engine::Unclaimed::start;
    address.kind = kind;
    address.fresh = engine::make_workflow_id(now, draw<10>(random));
    return made;
}

net::Response created(const Services& services, json::object data, std::string_view page_key) {
    const std::string id(data.at("id").as_string());
    data["page"] = page_url(services, id, page_key);
    net::Response response = reply(std::move(data), 201);
    response.headers.emplace_back("Location", "/api/bookings/" + id);
    return response;
}

net::Response as_requested(const Services& services, const Answer& answer, std::string_view page_key) {
    BookingView view;
    view.id = engine::to_string(*answer.workflow);
    view.state = answer.state;
    json::object links;
    for (const char* link : {"scheduling", "checkout", "meeting"}) links[link] = nullptr;
    json::object data;
    data["id"] = view.id;
    data["state"] = view.state;
    data["links"] = std::move(links);
    return created(services, std::move(data), page_key);
}

/// The key was used before: the same request gets the same booking, another one is told so.
asio::awaitable<net::Response> replay(Services& services, engine::EventId id, std::string digest) {
    std::function<Result<std::optional<engine::EventRow>>(engine::Reader&)> question = [id](engine::Reader& reader) {
        return reader.event(id);
    };
    auto stored = co_await services.readers.ask(std::move(question));
    if (!stored) co_return try_again("unavailable", "The booking of this key cannot be read now; try again.");
    if (!*stored || !(*stored)->workflow)
        co_return problem(409, "idempotency_conflict", "This Idempotency-Key cannot be used; take another.");
    const auto payload = parse_object((*stored)->payload);
    if (!payload || text_field(*payload, "request_digest") != digest)
        co_return problem(409, "idempotency_conflict", "This Idempotency-Key was used with another body; take another key.");
    auto booking = co_await read_booking(services, *(*stored)->workflow);
    if (!booking || !*booking) co_return try_again("unavailable", "The booking of this key cannot be read now; try again.");
    const BookingView& view = **booking;
    json::object data = to_json(view, Audience::trusted); // who has the key and the body asked for it
    co_return created(services, std::move(data), view.page_key);
}

} // namespace

std::string page_url(const Services& services, std::string_view id, std::string_view key) {
    return services.given.settings.public_url + "/b/" + std::string(id) + "?key=" + percent_encode(key);
}

asio::awaitable<Result<std::optional<BookingView>>> read_booking(Services& services, engine::WorkflowId id) {
    std::function<Result<std::optional<engine::WorkflowRow>>(engine::Reader&)> question = [id](engine::Reader& reader) {
        return reader.workflow(id);
    };
    auto row = co_await services.readers.ask(std::move(question));
    if (!row) co_return row.error();
    std::optional<BookingView> view;
    if (*row) view = view_booking(**row);
    co_return view;
}

asio::awaitable<net::Response> create_booking(Services& services, Call& call) {
    if (auto refusal = refuse_creation(services, call)) co_return *std::move(refusal);
    auto key = idempotency_key(call.request);
    if (auto* refusal = std::get_if<net::Response>(&key)) co_return std::move(*refusal);
    auto read = read_booking_request(call.request.body);
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    const BookingRequest& request = std::get<BookingRequest>(read);
    auto terms = services.given.session_type(request.session_type);
    if (!terms) co_return problem(400, "unknown_session_type", "No session type has this id.");

    NewBooking made = make_booking(services, request, *std::move(terms), std::get<std::optional<std::string>>(key));
    const engine::EventId event = made.incoming.event.id;
    const Answer answer = co_await services.given.engine.submit(std::move(made.incoming));
    if (answer.kind == Answer::Kind::overloaded) co_return try_again("overloaded", "Too many events are waiting; try again.");
    if (answer.kind != Answer::Kind::decided)
        co_return try_again("unavailable", "The booking could not be stored now; try again.");
    if (answer.disposition == engine::Disposition::applied && answer.workflow)
        co_return as_requested(services, answer, made.page_key);
    if (answer.disposition == engine::Disposition::duplicate) co_return co_await replay(services, event, request.digest);
    services.given.log.error(
        "a booking could not begin",
        {{"code", "booking_not_begun"}, {"disposition", to_string(answer.disposition)}, {"why", answer.reason}});
    co_return problem(500, "internal", "The booking could not begin; the log has the reason.");
}

asio::awaitable<net::Response> show_booking(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return problem(404, "not_found", "There is no booking with this id.");
    auto booking = co_await read_booking(services, *id);
    if (!booking) co_return try_again("unavailable", "The booking cannot be read now; try again.");
    if (!*booking) co_return problem(404, "not_found", "There is no booking with this id.");
    const auto query = query_of(call.request);
    const bool has_key = query && (*booking)->opens(find_field(*query, "key").value_or(""));
    const bool has_token = !services.given.settings.api_token.empty(); // the route asked for it
    json::object data = to_json(**booking, has_key || has_token ? Audience::trusted : Audience::anybody);
    co_return reply(std::move(data));
}

} // namespace appointd::http
