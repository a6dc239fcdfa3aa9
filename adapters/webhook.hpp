#pragma once

#include "engine/core/event.hpp"
#include "engine/ports/clock.hpp"
#include "foundation/json.hpp"
#include "foundation/result.hpp"
#include "foundation/time.hpp"
#include "net/http_message.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What the three webhook translators share. Which event becomes what, and for whom, is said in docs/events.md.
namespace appointd::adapters {

constexpr std::string_view account = "default"; ///< one account of each provider
constexpr std::string_view workflow_kind = "booking";

/// An event for the engine, or a body that the provider wants as the whole answer (Zoom's URL validation).
using Translation = std::variant<engine::Incoming, std::string>;

/// Pure; any thread. Checks the signature over the raw bytes, then reads the body.
/// Errors: bad_signature, stale_timestamp, malformed (empty, not UTF-8, not JSON, not an object). What is signed and an object is
/// never an error: what cannot be used becomes an event that ends ignored and says why ("unknown event type", "lacks
/// start_time"), kept with its raw body.
using Translate = std::function<Result<Translation>(const net::Request& request, Time received_at)>;

/// A session type's terms as a booking keeps them (docs/events.md, `terms`).
struct SessionTerms {
    std::string session_type;
    json::object terms;
};
/// By the URI of the Calendly event type; nullopt where no session type names it. Any thread.
using SessionTypes = std::function<std::optional<SessionTerms>(std::string_view event_type)>;

/// Draws the id of a workflow that may begin. Any thread.
using FreshId = std::function<engine::WorkflowId()>;
/// Both outlive what is answered.
FreshId fresh_ids(const engine::Clock& clock, engine::Random& random);

/// A signed body: parsed, and as it may be kept.
struct Body {
    json::object parsed;
    std::string raw;
};
/// Errors: malformed.
Result<Body> read_body(std::string_view body);

/// An event that is kept and moves nothing. `type` is the provider's own word, made fit for a name.
engine::Incoming ignored(engine::EventId id, std::string_view source, std::string_view type, Time occurred_at, std::string raw,
                         std::string reason);

/// The name under which a body without a usable identity of its own is deduplicated.
std::string key_of_body(std::string_view type, std::string_view raw_body);

} // namespace appointd::adapters
