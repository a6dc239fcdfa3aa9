#pragma once

#include "engine/core/explanation.hpp"
#include "engine/ports/activity_handler.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/observer.hpp"
#include "engine/ports/reader.hpp"
#include "engine/runtime/engine.hpp"
#include "foundation/json.hpp"
#include "foundation/log.hpp"
#include "foundation/result.hpp"
#include "net/http_message.hpp"
#include "workflows/booking/statement.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the HTTP room is given: the daemon wires it, tests fake it.
namespace appointd::http {

/// An event for the engine, or a body that the provider wants as the whole answer (Zoom's URL validation).
using Translation = std::variant<engine::Incoming, std::string>;
/// Checks a webhook's signature over its raw bytes and says what it means.
/// Errors: bad_signature, stale_timestamp (401); any other code, e.g. malformed (400).
using Translator = std::function<Result<Translation>(const net::Request& request, Time received_at)>;

/// A session type's terms as a new booking copies them (docs/events.md, `terms`); nullopt where no session type has this id.
using FindSessionType = std::function<std::optional<json::object>(std::string_view id)>;

/// Told of every answer, on the executor. Empty members are not called.
struct Telemetry {
    /// `disposition`: exactly what was answered; "rejected" for 4xx, "unavailable" for 5xx.
    std::function<void(std::string_view provider, std::string_view disposition, engine::Seconds took)> webhook_answered{};
    /// `listener` "public" or "admin"; `route` as declared ("/api/bookings/{id}"), "none" where no route matched.
    std::function<void(std::string_view listener, std::string_view route, int status, engine::Seconds took)> request_answered{};
};

struct Settings {
    std::string public_url;         ///< where customers reach us, without a slash at its end
    std::string admin_token;        ///< empty: none asked for, but only requests addressed to this machine are served
    std::string api_token;          ///< empty: none asked for, creation is limited per address
    int create_per_minute = 30;     ///< bookings created a minute and address, without an API token; 0: no limit
    std::size_t reader_threads = 2; ///< each with a database session of its own
    std::chrono::milliseconds read_limit{10'000}; ///< a question to the database that takes longer is answered 503
};

/// What a kind of workflow tells people beyond its rows. Empty members: it tells nothing. Called on reader threads.
struct Insight {
    std::function<engine::Explanation(const engine::WorkflowFacts&)> explain{};
    std::function<std::vector<booking::Statement>(std::string_view data)> statements{}; ///< where its money stands
};

/// The references outlive the Site.
struct Dependencies {
    engine::Engine& engine;
    engine::Readers& readers;
    engine::Clock& clock;
    engine::Random& random;
    Log log;
    std::map<std::string, Translator, std::less<>> translators; ///< by provider; a provider without one has no route
    FindSessionType session_type;
    std::map<std::string, Insight, std::less<>> insights; ///< by kind
    std::vector<std::string> attention_reasons;           ///< those that a list may be filtered by
    /// Renders /metrics. Called on a reader thread, with what the store says of itself or why it could not be read.
    std::function<std::string(Result<engine::Census>)> metrics;
    Telemetry telemetry;
    Settings settings;
    /// Carries out one attempt outside the engine, on the executor, as engine::ActivityHandler does: a provider is asked what it
    /// has. Empty: none can be.
    std::function<void(engine::Attempt, std::function<void(engine::AttemptResult)>)> carry_out{};
};

} // namespace appointd::http
