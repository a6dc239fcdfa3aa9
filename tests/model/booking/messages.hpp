#pragma once

#include "engine/core/ids.hpp"
#include "tests/model/booking/scenario.hpp"
#include "tests/model/booking/values.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Webhooks and answers in the words of docs/events.md.
namespace appointd::model {

using namespace std::chrono_literals;

inline constexpr Time monday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h;
inline constexpr Time first_start = monday + 3h; ///< of the slot that is booked first; each lasts an hour

engine::WorkflowId booking_id();

std::string invitee_uri(int n);
std::string session_id(int n);
std::string payment_id(int n);
std::string refund_id(int n);
std::string meeting_id(int n);
/// The number at the end of an id of the kinds above; 0 where there is none.
int number_in(std::string_view id);

json::object slot_facts(const Scenario& scenario, const Providers& world, int invitee);
json::object session_facts(const Providers& world, int session);
json::array refunds_listed(const Providers& world, int charge);

Message slot_seen(const Scenario& scenario, const Providers& world, int invitee, std::string_view source = "calendly");
Message slot_left(const Providers& world, int invitee, std::string_view source = "calendly"); ///< slot.moving or slot.canceled
Message no_show(int invitee, bool set, Time at);
Message captured(const Providers& world, int charge, bool by_session);
Message of_charge(std::string_view type, const Providers& world, int charge, Time at, std::string_view source = "stripe");
Message session_expired(int session, Time at);
Message of_refund(const Providers& world, int refund, Time at);
Message refund_hint(const Providers& world, int charge, Time at);
Message of_dispute(std::string_view type, const Providers& world, int charge, Time at);
Message of_meeting(std::string_view type, int meeting, Time at, json::object more = {});
Message by_operator(std::string_view what, json::object more, Time at, std::string brief);

std::string key_of(const Message& message);

} // namespace appointd::model
