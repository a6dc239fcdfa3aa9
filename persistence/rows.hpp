#pragma once

#include "engine/ports/store.hpp"
#include "persistence/statement.hpp"

#include <cstddef>

/// From columns to the port's rows: the one place that knows in which order the statements name them.
/// Throw std::invalid_argument on what no version of ours wrote.
namespace appointd::persistence {

constexpr std::size_t workflow_columns = 14;
constexpr std::size_t event_columns = 18;
constexpr std::size_t activity_columns = 17;

engine::WorkflowRow read_workflow(Row& row);
engine::EventRow read_event(Row& row);
engine::ActivityRow read_activity(Row& row);

engine::Uuid read_uuid(Row& row, std::size_t column);
std::optional<engine::WorkflowId> read_workflow_id(Row& row, std::size_t column);
int read_int(const Row& row, std::size_t column);
Time read_time(const Row& row, std::size_t column);
std::optional<Time> read_optional_time(const Row& row, std::size_t column);
engine::ActivityState read_activity_state(Row& row, std::size_t column);

} // namespace appointd::persistence
