#include "persistence/rows.hpp"

#include <stdexcept>

namespace appointd::persistence {

namespace {

template <class T> T known(std::optional<T> value, const char* what) {
    if (!value) throw std::invalid_argument(std::string("a stored ") + what + " is unknown to this version");
    return *std::move(value);
}

std::optional<std::string> read_optional_text(Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return row.text(column);
}

std::optional<int> read_optional_int(const Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return read_int(row, column);
}

} // namespace

engine::Uuid read_uuid(Row& row, std::size_t column) { return known(engine::parse_uuid(row.text(column)), "id"); }

std::optional<engine::WorkflowId> read_workflow_id(Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return engine::WorkflowId{read_uuid(row, column)};
}

int read_int(const Row& row, std::size_t column) { return static_cast<int>(row.number(column)); }

Time read_time(const Row& row, std::size_t column) { return from_micros(row.number(column)); }

std::optional<Time> read_optional_time(const Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return read_time(row, column);
}

engine::ActivityState read_activity_state(Row& row, std::size_t column) {
    return known(engine::parse_activity_state(row.text(column)), "activity state");
}

engine::WorkflowRow read_workflow(Row& row) {
    engine::WorkflowRow workflow;
    workflow.id = engine::WorkflowId{read_uuid(row, 0)};
    workflow.owner = row.text(1);
    workflow.kind = row.text(2);
    workflow.version = read_int(row, 3);
    workflow.state = row.text(4);
    workflow.revision = read_int(row, 5);
    workflow.data = row.text(6);
    workflow.timers = row.text(7);
    workflow.wake_at = read_optional_time(row, 8);
    workflow.attention = read_optional_text(row, 9);
    workflow.search = row.text(10);
    workflow.created_at = read_time(row, 11);
    workflow.changed_at = read_time(row, 12);
    workflow.closed_at = read_optional_time(row, 13);
    return workflow;
}

engine::EventRow read_event(Row& row) {
    engine::EventRow event;
    event.id = engine::EventId{read_uuid(row, 0)};
    event.workflow = read_workflow_id(row, 1);
    event.seq = read_optional_int(row, 2);
    event.source = row.text(3);
    event.type = row.text(4);
    if (!row.is_null(5)) event.waits_for = engine::CorrelationKey{row.text(5)};
    event.occurred_at = read_time(row, 6);
    event.received_at = read_time(row, 7);
    event.decided_at = read_time(row, 8);
    event.version = read_optional_int(row, 9);
    event.batch = engine::BatchId{read_uuid(row, 10)};
    event.disposition = known(engine::parse_disposition(row.text(11)), "disposition");
    event.reason = row.text(12);
    event.payload = row.text(13);
    event.result = row.text(14);
    event.raw = row.text(15);
    event.address = row.text(16);
    event.expires_at = read_optional_time(row, 17).value_or(Time{});
    return event;
}

engine::ActivityRow read_activity(Row& row) {
    engine::ActivityRow activity;
    activity.id = {.workflow = engine::WorkflowId{read_uuid(row, 0)}, .seq = read_int(row, 1), .n = read_int(row, 2)};
    activity.lane = engine::Lane{row.text(3)};
    activity.priority = read_int(row, 4);
    activity.kind = row.text(5);
    activity.state = read_activity_state(row, 6);
    activity.round = read_int(row, 7);
    activity.generation = read_int(row, 8);
    activity.epoch = read_int(row, 9);
    activity.tries = read_int(row, 10);
    activity.ready_at = read_time(row, 11);
    activity.first_sent_at = read_optional_time(row, 12);
    activity.request = row.text(13);
    activity.outcome = row.text(14);
    activity.last_error = row.text(15);
    activity.created_at = read_time(row, 16);
    return activity;
}

} // namespace appointd::persistence
