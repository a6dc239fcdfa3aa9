#pragma once

#include "engine/ports/reader.hpp"
#include "foundation/json.hpp"
#include "tests/support/engine/faulty_stores.hpp"
#include "tests/support/engine/node.hpp"
#include "tests/support/engine/parcel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

namespace appointd::engine::testing {

/// An empty database of one kind, and what keeps it alive.
struct TestDatabase {
    virtual ~TestDatabase() = default;
    virtual Stores& stores() = 0;
    virtual Readers& readers() = 0;
};
/// "memory", "sqlite" or "postgresql"; null where there is no such server here.
std::unique_ptr<TestDatabase> make_database(const std::string& kind);

/// Every test runs on every database: threads and sessions are real, time and the providers are the test's.
class EngineTest : public ::testing::TestWithParam<std::string> {
protected:
    void SetUp() override;
    /// Whatever happened: the history of every workflow still gives its stored row (H1).
    void TearDown() override;

    /// The n-th machine; made and started at first use.
    Node& node(std::size_t n = 0);
    void switch_off(std::size_t n = 0) { nodes.erase(n); }

    WorkflowId id(int n) const;
    Answer order(WorkflowId parcel) { return node().submit(parcel_ordered(parcel, clock.now())); }
    /// For the puppet: begins it where it is not there; `type` names the event and makes it unique.
    Incoming script(WorkflowId workflow, std::string type, std::string payload) const;

    WorkflowRow row(WorkflowId workflow);
    std::string state(WorkflowId workflow) { return row(workflow).state; }
    ParcelFacts facts(WorkflowId parcel) { return read_parcel(row(parcel).data); }
    std::vector<EventRow> history(WorkflowId workflow);
    /// "type:disposition" joined by a space; parked ones last.
    std::string story(WorkflowId workflow);
    ActivityRow activity(const ActivityId& id);
    bool reaches(WorkflowId workflow, const std::string& wanted);
    /// Moves the clock on in steps until `holds`; as the clock stands still between polls, nothing can pass unseen.
    bool advancing_until(Duration step, const std::function<bool()>& holds);

    std::unique_ptr<TestDatabase> database;
    std::unique_ptr<FaultyStores> faults;
    std::unique_ptr<Reader> reader;
    ManualClock clock;
    World world;
    Options options = quick_options();
    std::map<std::size_t, std::unique_ptr<Node>> nodes; // last: they use everything above
};

/// For INSTANTIATE_TEST_SUITE_P.
inline auto every_database() { return ::testing::Values("memory", "sqlite", "postgresql"); }
inline std::string database_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

} // namespace appointd::engine::testing
