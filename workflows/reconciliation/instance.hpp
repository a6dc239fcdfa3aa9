#pragma once

#include "engine/core/event.hpp"
#include "workflows/reconciliation/data.hpp"

#include <string>
#include <string_view>

/// Which workflow reconciles an account. There is one chain of instances for each; an instance hands over to the next after
/// limits::sweeps_of_instance sweeps. Ids are made from account and generation, so that nodes that begin one at the same time
/// begin the same, and the newest generation is listed first.
namespace appointd::reconciliation {

/// The first of its chain, or a successor: what `reconciliation.begun` says.
struct Beginning {
    std::string provider, account = "default";
    std::int64_t generation = 1;
    std::int64_t every_seconds = 600;
    Time floor{}, covered{};
};

engine::WorkflowId id_of(std::string_view provider, std::string_view account, std::int64_t generation);

/// The event that begins an instance; the same for whoever sends it, so it begins it once.
engine::Incoming begun(const Beginning& beginning, Time now);
/// The distance of two sweeps was configured anew. `revision`: of the instance as it was read.
engine::Incoming configured(engine::WorkflowId instance, std::int64_t every_seconds, int revision, Time now);
/// Something was surely missed (a webhook subscription had to be made anew): sweep at once. `what` names it, and is the same from
/// every node that notices.
engine::Incoming gap(engine::WorkflowId instance, std::string_view what, Time now);

/// As JSON text, and back: the request of `reconciliation.renew`. Throws std::invalid_argument on text that encode did not write.
std::string encode(const Beginning& beginning);
Beginning parse_beginning(std::string_view text);

/// What a sweep's activity asks (docs/events.md): a window, and where in it the page begins (empty: at the beginning).
std::string list_request(Time since, Time until, std::string_view cursor);
/// "stripe.events.list", "calendly.events.list", "zoom.meetings.list"
std::string list_kind(std::string_view provider);
/// Of the sweeps' own calls, so that a sweep never stands in a booking's way.
engine::Lane lane_of(std::string_view provider);

} // namespace appointd::reconciliation
