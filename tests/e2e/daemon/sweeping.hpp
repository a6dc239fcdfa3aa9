#pragma once

#include "tests/e2e/daemon/stage.hpp"

#include <string>
#include <vector>

namespace appointd::e2e {

/// The workflows that reconcile the provider accounts, as the admin API lists them.
std::vector<json::object> sweeps(Stage& stage);
/// Complete sweeps of an account so far.
std::int64_t sweeps_done(Stage& stage, const std::string& provider);
/// Somebody books straight on Calendly, in two days; the last segment of the invitee's URI.
std::string book_on_calendly(Stage& stage, const std::string& event_type, const std::string& email);
/// The one booking of that e-mail, or nothing.
json::object booking_of(Stage& stage, const std::string& email);
/// The types of what a booking learned from its providers because we asked, not from a webhook.
std::vector<std::string> reconciled_types(Stage& stage, const std::string& booking);
/// Calls so far, from the sandbox's own count; `route` is the beginning of "stripe GET /v1/events 200".
std::int64_t calls(Stage& stage, std::string_view route);

} // namespace appointd::e2e
