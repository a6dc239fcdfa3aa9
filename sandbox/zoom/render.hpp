#pragma once

#include "sandbox/zoom/state.hpp"

namespace appointd::sandbox::zoom {

/// The reply of create and get; `start_key` makes a start_url that differs at every reading.
json::object meeting_json(const Meeting& meeting, const Settings& settings, std::string_view start_key);
json::object listed_json(const Meeting& meeting, const Settings& settings);
json::object recordings_json(const Meeting& meeting, const Instance& instance, const Settings& settings);
json::object past_json(const Meeting& meeting, const Instance& instance);
/// The object of created, updated and deleted: id is a number.
/// Of meeting.created and meeting.updated: without the agenda, so a booking's mark is not in it.
json::object event_object(const Meeting& meeting, const Settings& settings);
/// Of meeting.deleted and meeting.recovered: not even the join link.
json::object gone_object(const Meeting& meeting, const Settings& settings);
/// The object of started, ended and participant_*: id is a string.
json::object instance_object(const Meeting& meeting, const Instance& instance);
json::object participant_json(const Participant& participant);

} // namespace appointd::sandbox::zoom
