#pragma once

#include "tests/e2e/daemon/stage.hpp"

namespace appointd::e2e {

/// Session types of the scenarios beside the demo's, each for one policy. All cost 5000 usd, have 30 minutes to pay and no
/// meeting, unless their name says otherwise; Calendly's event type has the same name.
///   brief           2 s to pay
///   long-window     two days to pay: longer than a checkout lives
///   group           two seats
///   group-revive    two seats, 1 s to pay, late money revives
///   tiers           meeting; a third back from two hours before the start, all from a day before, below that nothing
///   once            meeting; one reschedule at most
///   no-show         meeting; the money of who did not come goes back
///   clock           free, meeting, one minute long; only the clock completes it
///   extras          receipts, tax and promotion codes
///   recorded        free, meeting; settings of its own at Zoom
///   remote-late     free; Calendly makes the conference and tells its link later
demo::Setup more_session_types();
void add_event_types(sandbox::Sandbox& sandbox);

} // namespace appointd::e2e
