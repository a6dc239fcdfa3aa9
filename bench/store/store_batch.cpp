// Transitions a second through the store port: each moves a workflow, writes its event with a 500-byte raw body, requests an
// activity, all under the locks and counts of a real batch. SQLite and PostgreSQL, one session.
//   store_batch [--seconds S] [--batch N] [--store sqlite|postgresql]

#include "persistence/migrate.hpp"
#include "persistence/open.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace appointd;
using namespace appointd::engine;
using Clock = std::chrono::steady_clock;

const Time now{std::chrono::seconds(1'800'000'000)};
const Lane stripe{"/stripe/default"};

struct Settings {
    double seconds = 3;
    int batch = 100;
    std::string store; // empty: both
};

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

double measure(const std::string& url, const Settings& settings) {
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
        for (int number = 0; number < settings.batch; ++number) {
            WorkflowRow row;
            row.id = workflow_id(batch * settings.batch + number);
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
    for (std::size_t turn = 0; elapsed() < settings.seconds; turn = (turn + 1) % batches) {
        Names asked = names[turn];
        for (const WorkflowId& id : asked.workflows) // what a webhook names: its own event id
            asked.events.insert(make_event_id(now, "new", to_string(id) + std::to_string(transitions)));
        commit(asked, [&](Look&& seen) { return std::optional(moves(std::move(seen.workflows), wide)); });
        transitions += settings.batch;
    }
    return static_cast<double>(transitions) / elapsed();
}

void report(const char* store, double rate, const Settings& settings) {
    std::cout << store << ' ' << static_cast<int>(rate) << " transitions/s, " << settings.batch << " a commit" << std::endl;
}

} // namespace

int main(int count, char** arguments) {
    Settings settings;
    for (int at = 1; at + 1 < count; at += 2) {
        if (std::string_view(arguments[at]) == "--seconds") settings.seconds = std::atof(arguments[at + 1]);
        if (std::string_view(arguments[at]) == "--store") settings.store = arguments[at + 1];
        if (std::string_view(arguments[at]) == "--batch") settings.batch = std::max(1, std::atoi(arguments[at + 1]));
    }
    try {
        if (settings.store != "postgresql") {
            const appointd::test::TemporaryDirectory directory("bench");
            report("sqlite", measure("sqlite:///" + (directory.path() / "bench.db").string(), settings), settings);
        }
        if (settings.store != "sqlite")
            report("postgresql", measure(appointd::test::PostgresCluster::of_this_program().fresh_database(), settings),
                   settings);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
