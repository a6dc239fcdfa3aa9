#pragma once

#include "engine/core/definition.hpp"

namespace appointd::engine::testing {

/// The second workflow kind: a parcel is ordered, gets a label (an activity), is scanned on its way and arrives. Its events may
/// come in any order; what is too early waits.
///
///   parcel.ordered {}             begins it; asks for label.print; timer "patience" (10 min) gives it up as lost
///   label.print.succeeded         binds the key /post/default/tracking/T; timer "nudge" (1 h), again twice
///   parcel.scanned {}             counted; too early before there is a label
///   parcel.arrived {scans}        too early before that many scans; derives parcel.thanked
///   operator.cancel               label.void where there is a label; refused once it moves
///   operator.retry, .skip {activity};  orphan.found: counted;  parcel.poison: its action throws
Definition make_parcel();

/// What the data says, for tests.
struct ParcelFacts {
    std::int64_t scans = 0, nudges = 0, thanks = 0, orphans = 0;
    std::string tracking;
};
ParcelFacts read_parcel(std::string_view data);

/// Events from outside, as an adapter would make them. `parcel` names the workflow; scans and arrivals come by its tracking key.
Incoming parcel_ordered(WorkflowId parcel, Time at);
Incoming parcel_scanned(WorkflowId parcel, int n, Time at);
Incoming parcel_arrived(WorkflowId parcel, int scans, Time at);
/// By id, with any payload; `n` tells events of the same type and moment apart.
Incoming parcel_event(WorkflowId parcel, std::string type, std::string payload, Time at, int n = 0);
CorrelationKey tracking_key(WorkflowId parcel);

} // namespace appointd::engine::testing
