#pragma once

#include "sandbox/world.hpp"

namespace appointd::sandbox {

/// What truly happened at the providers, for a reconciliation of the daemon's books: payments with their refunds and disputes,
/// checkout sessions, meetings by marker, invitees, and the effects that stand twice ("doubles"; empty when all is well).
/// `booking`: only what belongs to that booking; empty: all.
json::object ledger_of(const World& world, std::string_view booking = "");

/// Only the doubles: meetings alive with one marker, refunds with one metadata[refund_id], open sessions and captures of one
/// booking.
json::object doubles_of(const World& world);

json::array effects_of(const World& world);

} // namespace appointd::sandbox
