#pragma once

#include "engine/runtime/deliberation.hpp"
#include "tests/support/engine/memory_rows.hpp"
#include "tests/support/engine/parcel.hpp"
#include "tests/support/engine/puppet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::engine::testing {

/// A desk to deliberate at: looks, decides (again, where names were missing) and writes, as a pipeline does, without any thread.
class Desk : public ::testing::Test {
protected:
    Desk();

    /// One batch: decided and written; the plan that stood. Fails the test where the counts differ.
    Plan commit(std::vector<Work> works);
    Plan commit(Work work);
    /// Decided, but not written.
    Plan decide(const std::vector<Work>& works);

    WorkflowId id(int n) const; ///< a workflow id for tests
    /// Work from outside for the puppet `workflow`, which it begins where it is not there. Ids are made from type and `key`.
    Work event(WorkflowId workflow, std::string script, std::string key = "");
    Work by_key(std::string_view key, std::string script, std::string name = "");
    Work incoming(Incoming what) const;
    Work ended(const ActivityId& activity, ActivityState state, AttemptResult result = {}, int epoch = 1) const;
    static AttemptResult success(std::string result = "{}");
    static AttemptResult failure(std::string code);
    Work due(WorkflowId workflow) const;

    const WorkflowRow& row(WorkflowId workflow) const { return rows.workflows.at(workflow); }
    const EventRow& stored(const Work& work) const { return rows.events.at(std::get<Incoming>(work.what).event.id); }
    /// "type:disposition" in order of history, then what is parked or dead on it.
    std::vector<std::string> history(WorkflowId workflow) const;
    std::vector<EventRow> dead() const;
    std::string log(WorkflowId workflow) const; ///< types applied, joined by a space

    MemoryRows rows;
    Time now = from_micros(1'790'000'000'000'000);
    Rules rules{std::chrono::seconds(30), std::chrono::hours(72)};
    int places = 100; ///< for activities to be born claimed
    int looks = 0;    ///< how often the last batch was decided
    std::vector<Definition> kinds;

private:
    int batches_ = 0;
    int drawn_ = 0;
};

} // namespace appointd::engine::testing
