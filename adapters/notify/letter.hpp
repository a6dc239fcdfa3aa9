#pragma once

#include "adapters/notify/config.hpp"
#include "engine/ports/activity_handler.hpp"
#include "foundation/json.hpp"
#include "foundation/time_zone.hpp"

namespace appointd::adapters::notify {

/// The e-mail that a stored mail.send asks for, by its template: the same activity gives the same bytes, at every attempt.
/// Errors: bad_address (nobody can be written to), bad_request.
Result<net::SmtpMessage> compose(const MailConfig& config, const engine::Attempt& attempt, const json::object& request,
                                 TimeZones& zones);

/// "ID.7.0@example.org", without angle brackets: the activity at the sender's domain.
std::string message_id(const MailConfig& config, const engine::ActivityId& activity);

} // namespace appointd::adapters::notify
