#pragma once

#include "foundation/strong.hpp"
#include "foundation/time.hpp"

#include <boost/uuid/uuid.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace appointd::engine {

using Uuid = boost::uuids::uuid;
using WorkflowId = Strong<struct WorkflowIdTag, Uuid>;
using EventId = Strong<struct EventIdTag, Uuid>;
using BatchId = Strong<struct BatchIdTag, Uuid>;

/// "{owner}/{provider}/{account}/{kind}/{external id}": one text, one workflow. Made by correlation_key only.
using CorrelationKey = Strong<struct CorrelationKeyTag, std::string>;
/// Where an activity's calls queue: "{owner}/{provider}/{account}".
using Lane = Strong<struct LaneTag, std::string>;

/// An activity is named by the place that asked for it: workflow, history number, place within that transition.
struct ActivityId {
    WorkflowId workflow;
    int seq = 0;
    int n = 0;
    friend std::strong_ordering operator<=>(const ActivityId&, const ActivityId&) = default;
    friend bool operator==(const ActivityId&, const ActivityId&) = default;
};

std::string to_string(const Uuid& id); // lower case with dashes
std::optional<Uuid> parse_uuid(std::string_view text);

template <class Tag> std::string to_string(const Strong<Tag, Uuid>& id) { return to_string(id.get()); }
std::string to_string(const ActivityId& id); // "ID.7.0"
std::optional<WorkflowId> parse_workflow_id(std::string_view text);
/// Only what make_workflow_id can have made (version 7): for fields in which other programs keep ids of their own.
std::optional<WorkflowId> parse_claimed_workflow_id(std::string_view text);
std::optional<ActivityId> parse_activity_id(std::string_view text);

using RandomBytes = std::array<std::uint8_t, 10>;

/// UUIDv7: 48 bits of milliseconds, then random bits that the caller draws.
WorkflowId make_workflow_id(Time now, const RandomBytes& random);

/// Made from the event: 48 bits of its own moment (milliseconds), then a SHA-1 of source and key, in UUIDv8 dress.
/// Moment and key are the same in every redelivery, so the id deduplicates. `source` is provider and account ("bank/default").
EventId make_event_id(Time moment, std::string_view source, std::string_view key);

CorrelationKey correlation_key(std::string_view owner, std::string_view provider, std::string_view account, std::string_view kind,
                               std::string_view external_id);
Lane lane(std::string_view owner, std::string_view provider, std::string_view account);
/// The provider inside a lane, for metrics.
std::string_view provider_of(const Lane& lane);

} // namespace appointd::engine
