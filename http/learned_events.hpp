#pragma once

#include "foundation/json.hpp"
#include "http/services.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace appointd::http {

/// What a provider told that we had not heard of: each event decided against what is stored, and, unless it is only a trial,
/// handed to the engine. A trial remembers what its earlier events would have done, so that a chain of events is decided as a
/// chain. Lives as long as one request.
class LearnedEvents {
public:
    LearnedEvents(Services& services, bool dry_run) : services_(services), dry_run_(dry_run) {}

    struct Found {
        bool known = false; ///< it had arrived: nothing to heal
        json::object item;  ///< event, booking, from and to, and why
    };
    /// Errors: those of the reader; overloaded or unavailable where the engine did not take it.
    boost::asio::awaitable<Result<Found>> take(engine::Incoming incoming);

private:
    struct Standing {
        bool known = false;
        std::optional<engine::WorkflowRow> workflow;
    };
    boost::asio::awaitable<Result<Standing>> look_up(const engine::Incoming& incoming);
    std::optional<engine::WorkflowRow> remembered(const engine::Address& address) const;
    json::object try_out(const engine::Incoming& incoming, std::optional<engine::WorkflowRow> workflow);

    Services& services_;
    const bool dry_run_;
    std::map<engine::WorkflowId, engine::WorkflowRow> moved_; ///< by this trial
    std::map<engine::CorrelationKey, engine::WorkflowId> bound_;
};

} // namespace appointd::http
