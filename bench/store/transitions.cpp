#include "bench/store/transitions.hpp"

#include "persistence/migrate.hpp"
#include "persistence/open.hpp"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace appointd::bench {

using namespace appointd::engine;
using Clock = std::chrono::steady_clock;

namespace {

const Time now{std::chrono::seconds(1'800'000'000)};
const Lane stripe{"/stripe/default"};

WorkflowId workflow_id(int number) {
    RandomBytes random{};
    for (std::size_t byte = 0; byte < 4; ++byte) random[9 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    return make_workflow_id(now, random);
}

std::string text_of(std::size_t bytes) {
    std::string text = "{\"text\":\"";
    while (text.size() + 2 < bytes) text += "abcdefghi ";
    return text + "\"}";
}

EventRow event_of(const WorkflowRow& workflow, const std::string& wide) {
    EventRow event;
    event.id = make_event_id(now + std::chrono::seconds(workflow.revision), "stripe/default",
                             to_string(workflow.id) + std::to_string(workflow.revision));
    event.workflow = workflow.id;
    event.seq = workflow.revision;
    event.source = "stripe";
    event.type = "payment.captured";
    event.occurred_at = event.received_at = event.decided_at = now;
    event.version = 1;
    event.batch = BatchId{workflow.id.get()};
    event.payload = wide;
    event.result = "PAYMENT_PENDING>CONFIRMED";
    event.raw = wide;
    return event;
}

ActivityRow activity_of(const WorkflowRow& workflow, const std::string& wide) {
    ActivityRow activity;
    activity.id = {.workflow = workflow.id, .seq = workflow.revision, .n = 0};
    activity.lane = stripe;
    activity.kind = "checkout.create";
    activity.epoch = 1;
    activity.ready_at = now + std::chrono::seconds(30);
    activity.first_sent_at = now;
    activity.request = wide;
    activity.created_at = now;
    return activity;
}

/// Moves each workflow of one batch once; 0: the workflows begin.
Writes moves(std::vector<WorkflowRow> rows, const std::string& wide) {
    Writes writes;
    for (WorkflowRow& row : rows) {
        const int was = row.revision++;
        row.changed_at = now;
        writes.events.push_back(event_of(row, wide));
        writes.activities.push_back(activity_of(row, wide));
        writes.workflows.push_back({.row = std::move(row), .was = was});
    }
    return writes;
}

} // namespace

double transitions_per_second(const std::string& url, int events, std::chrono::duration<double> limit) {
    persistence::migrate(url).value();
    const auto database = persistence::open_stores(url).value();
    const auto store = database.stores->open().value();
    const std::string wide = text_of(500);
    constexpr int batches = 20; // workflows for so many batches, taken in turn
    std::vector<Names> names(batches);
    const auto commit = [&](const Names& of, const Decide& decide) {
        if (const auto report = store->commit(of, decide); report.status != Commit::committed)
            throw std::runtime_error(report.detail);
    };
    for (int batch = 0; batch < batches; ++batch) {
        std::vector<WorkflowRow> rows;
        for (int number = 0; number < events; ++number) {
            WorkflowRow row;
            row.id = workflow_id(batch * events + number);
            row.kind = "booking";
            row.version = 1;
            row.state = "CONFIRMED";
            row.data = wide;
            row.search = "ada lovelace ada@example.com";
            row.wake_at = now + std::chrono::hours(1);
            row.created_at = now;
            names[static_cast<std::size_t>(batch)].workflows.insert(row.id);
            rows.push_back(std::move(row));
        }
        commit({}, [&](Look&&) { return std::optional(moves(std::move(rows), wide)); });
    }
    std::int64_t transitions = 0;
    const auto begin = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    for (std::size_t turn = 0; elapsed() < limit.count(); turn = (turn + 1) % batches) {
        Names asked = names[turn];
        for (const WorkflowId& id : asked.workflows) // what a webhook names: its own event id
            asked.events.insert(make_event_id(now, "new", to_string(id) + std::to_string(transitions)));
        commit(asked, [&](Look&& seen) { return std::optional(moves(std::move(seen.workflows), wide)); });
        transitions += events;
    }
    return static_cast<double>(transitions) / elapsed();
}

} // namespace appointd::bench
