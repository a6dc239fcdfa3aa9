#include "engine/runtime/replay.hpp"

#include "tests/unit/engine/desk.hpp"

#include <algorithm>

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReplayTest : public Desk {
protected:
    Work parcel(Incoming what) { return incoming(std::move(what)); }

    /// A parcel on its way: ordered, labeled, nudged, scanned early and late, arrived and thanked.
    void send_a_parcel() {
        commit(parcel(parcel_ordered(id(1), now)));
        now += 1s;
        commit(parcel(parcel_scanned(id(1), 1, now)));
        commit(ended({id(1), 1, 0}, ActivityState::succeeded, printed()));
        now += 1h;
        commit(due(id(1)));
        commit(parcel(parcel_arrived(id(1), 1, now)));
    }
    AttemptResult printed() {
        AttemptResult result = success(R"({"tracking":"T-)" + to_string(id(1)) + "\"}");
        result.binds = {tracking_key(id(1))};
        return result;
    }

    ReplayReport replayed(WorkflowId workflow) {
        const Definitions definitions(kinds);
        Replay again(definitions, workflow, row(workflow).kind);
        std::vector<EventRow> events;
        for (const auto& [name, event] : rows.events) {
            if (event.workflow != workflow) continue;
            if (event.seq)
                events.push_back(event);
            else
                again.set_aside(event);
        }
        std::sort(events.begin(), events.end(), [](const auto& left, const auto& right) { return left.seq < right.seq; });
        for (const EventRow& event : events)
            if (!again.take(event)) break;
        std::vector<ActivityRow> activities;
        for (const auto& [name, activity] : rows.activities)
            if (name.workflow == workflow) activities.push_back(activity);
        return again.finish(row(workflow), activities);
    }
    EventRow& line(int seq) {
        for (auto& [name, event] : rows.events)
            if (event.workflow == id(1) && event.seq == seq) return event;
        throw std::out_of_range("no such line");
    }
    static std::vector<std::string> names(const ReplayReport& report) {
        std::vector<std::string> all;
        for (const auto& found : report.differences) all.push_back(found.what);
        return all;
    }
};

TEST_F(ReplayTest, WholeHistoryThenTheStoredRowByteForByte) {
    send_a_parcel();
    ASSERT_EQ(row(id(1)).state, "delivered");
    const auto report = replayed(id(1));
    EXPECT_TRUE(report.same()) << (report.first ? report.first->replayed : names(report).front());
    EXPECT_EQ(report.events, row(id(1)).revision);
}

TEST_F(ReplayTest, RowThatSomebodyChangedThenEachColumnThatDiffers) {
    send_a_parcel();
    rows.workflows.at(id(1)).data.replace(rows.workflows.at(id(1)).data.find("\"scans\":1"), 9, "\"scans\":7");
    rows.workflows.at(id(1)).search = "elsewhere";
    const auto report = replayed(id(1));
    EXPECT_THAT(names(report), ElementsAre("data", "search"));
    EXPECT_FALSE(report.first) << "every line is decided as it was";
    EXPECT_THAT(report.differences[0].stored, HasSubstr("\"scans\":7"));
    EXPECT_THAT(report.differences[0].replayed, HasSubstr("\"scans\":1"));
}

TEST_F(ReplayTest, LineThatIsDecidedOtherwiseThenItIsTheFirst) {
    send_a_parcel();
    line(5).payload = R"({"scans":9})"; // arrived, with more scans than there were
    const auto report = replayed(id(1));
    ASSERT_TRUE(report.first);
    EXPECT_EQ(report.first->seq, 5);
    EXPECT_EQ(report.first->type, "parcel.arrived");
    EXPECT_EQ(report.first->recorded, "applied moving>delivered");
    EXPECT_EQ(report.first->replayed, "deferred (scans missing)");
}

TEST_F(ReplayTest, RequestThatWasNeverStoredOrIsAnotherThenNamed) {
    send_a_parcel();
    const ActivityId asked{id(1), 1, 0};
    ActivityRow kept = rows.activities.at(asked);
    rows.activities.at(asked).request = "{}";
    EXPECT_THAT(names(replayed(id(1))), ElementsAre("activity " + to_string(asked) + " request"));
    rows.activities.erase(asked);
    EXPECT_THAT(names(replayed(id(1))), ElementsAre("activity " + to_string(asked)));
    kept.id.n = 1;
    rows.activities[kept.id] = kept;
    EXPECT_THAT(names(replayed(id(1))), ElementsAre("activity " + to_string(asked), "activity " + to_string(kept.id)));
}

TEST_F(ReplayTest, DerivedEventThatIsNotInTheHistoryThenMissed) {
    send_a_parcel();
    const EventRow thanked = line(6);
    ASSERT_EQ(thanked.type, "parcel.thanked");
    rows.events.erase(thanked.id);
    rows.workflows.at(id(1)).revision = 5;
    EXPECT_THAT(names(replayed(id(1))), ElementsAre("data", "event " + to_string(thanked.id)));
}

TEST_F(ReplayTest, GapInTheHistoryThenItStopsThere) {
    send_a_parcel();
    rows.events.erase(line(3).id);
    const auto report = replayed(id(1));
    ASSERT_TRUE(report.first);
    EXPECT_EQ(report.first->replayed, "number 3");
    EXPECT_EQ(report.events, 2);
}

TEST_F(ReplayTest, TimerWhoseEventDiedThenItIsGoneInTheReplayToo) {
    commit(event(id(1), R"({"timers":{"a":60,"b":600},"on":{"timer.a":{"decide":"throw","reason":"boom"}}})", "begin"));
    now += 60s;
    commit(due(id(1)));
    commit(event(id(1), "{}", "next"));
    EXPECT_TRUE(replayed(id(1)).same()) << names(replayed(id(1))).front();
}

TEST_F(ReplayTest, VersionThatIsNotCarriedThenSaidSo) {
    send_a_parcel();
    std::erase_if(kinds, [](const Definition& kind) { return kind.kind == "parcel"; });
    EXPECT_THAT(replayed(id(1)).first->replayed, HasSubstr("lacks version 1"));
}

} // namespace
} // namespace appointd::engine::testing
