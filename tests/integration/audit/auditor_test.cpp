#include "daemon/auditor.hpp"

#include "daemon/kinds.hpp"
#include "tests/support/engine/manual_clock.hpp"
#include "tests/support/engine/memory_store.hpp"
#include "tests/support/engine/parcel.hpp"
#include "workflows/booking/data.hpp"
#include "workflows/booking/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::daemon {
namespace {

using namespace engine;
using namespace engine::testing;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// Parcels that promise to have a tracking number: what is broken can be put right.
struct AuditorTest : ::testing::Test {
    static std::vector<Breach> audit(const WorkflowRow& row, Time) {
        if (row.data == "broken") throw std::invalid_argument("not JSON");
        if (row.data.find("T-1") != std::string::npos) return {};
        return {{"P1", "no tracking"}};
    }
    WorkflowId id(int n) const {
        RandomBytes bytes{};
        bytes[9] = static_cast<std::uint8_t>(n);
        return make_workflow_id(from_micros(1'790'000'000'000'000), bytes);
    }
    /// A workflow without any history: revision 0 replays as such.
    void put(int n, std::string data, int revision = 0) {
        store.with([&](MemoryRows& rows) {
            WorkflowRow& row = rows.workflows[id(n)];
            row.id = id(n);
            row.kind = "parcel";
            row.data = std::move(data);
            row.revision = revision;
            return 0;
        });
    }
    std::unique_ptr<Auditor> auditor(int sample) {
        return std::make_unique<Auditor>(
            Auditor::Options{std::chrono::hours(1), sample}, store.readers(), definitions, clock,
            std::map<std::string, Audit, std::less<>>{{"parcel", audit}},
            Auditor::Outlets{.audited = [this](std::size_t n) { audited += n; },
                             .broken = [this](const Breach& breach) { found.push_back(breach.invariant); }},
            Log());
    }
    void decided(Auditor& one, int n) { one.decided({id(n), {}, "parcel", "a", "b", "t", "s", "", Disposition::applied, 1}); }

    MemoryStore store{1};
    ManualClock clock;
    const Definitions definitions{{make_parcel()}};
    std::size_t audited = 0;
    std::vector<std::string> found;
};

TEST_F(AuditorTest, RoundAfterRoundThenEveryWorkflowHasItsTurn) {
    for (int n = 1; n <= 5; ++n) put(n, "");
    const auto one = auditor(2);
    ASSERT_TRUE(one->round());
    EXPECT_EQ(audited, 2u);
    EXPECT_THAT(found, ElementsAre("P1", "P1"));
    ASSERT_TRUE(one->round());
    ASSERT_TRUE(one->round());
    EXPECT_EQ(audited, 5u);
    EXPECT_EQ(std::count(found.begin(), found.end(), "P1"), 5);
    ASSERT_TRUE(one->round()) << "and from the newest again";
    EXPECT_EQ(audited, 7u);
}

TEST_F(AuditorTest, SameFindingThenToldOnceForEachRevision) {
    put(1, "");
    const auto one = auditor(10);
    ASSERT_TRUE(one->round());
    ASSERT_TRUE(one->round());
    EXPECT_EQ(std::count(found.begin(), found.end(), "P1"), 1);
    put(1, "", 1);
    ASSERT_TRUE(one->round());
    EXPECT_EQ(std::count(found.begin(), found.end(), "P1"), 2);
    put(1, "T-1", 2);
    found.clear();
    ASSERT_TRUE(one->round());
    EXPECT_THAT(found, ElementsAre("H1")) << "put right by hand: its history does not say so";
}

TEST_F(AuditorTest, DecidedAMomentAgoThenLookedAtFirst) {
    for (int n = 1; n <= 50; ++n) put(n, "T-1");
    put(3, "");
    const auto one = auditor(2);
    decided(*one, 3);
    decided(*one, 3);
    ASSERT_TRUE(one->round());
    EXPECT_EQ(audited, 3u) << "the one that changed, and two in their turn";
    EXPECT_EQ(std::count(found.begin(), found.end(), "P1"), 1);
    audited = 0;
    ASSERT_TRUE(one->round());
    EXPECT_EQ(audited, 2u) << "it is not remembered";
}

TEST_F(AuditorTest, ManyDecidedThenNoMoreThanTheSample) {
    for (int n = 1; n <= 50; ++n) put(n, "T-1");
    const auto one = auditor(4);
    for (int n = 1; n <= 50; ++n) decided(*one, n);
    ASSERT_TRUE(one->round());
    EXPECT_EQ(audited, 8u);
}

TEST_F(AuditorTest, DataThatCannotBeReadThenAFinding) {
    put(1, "broken");
    const auto one = auditor(1);
    ASSERT_TRUE(one->round());
    EXPECT_THAT(found, ::testing::Contains("H1"));
}

TEST_F(AuditorTest, OtherKindsThenOnlyTheirHistory) {
    put(1, "");
    store.with([&](MemoryRows& rows) { return rows.workflows[id(1)].kind = "errand"; });
    const auto one = auditor(1);
    ASSERT_TRUE(one->round());
    EXPECT_EQ(std::count(found.begin(), found.end(), "P1"), 0);
}

TEST(Kinds, EveryKindThenItsPromisesHaveTheirNames) {
    const auto names = invariant_names();
    EXPECT_THAT(names, ::testing::Contains("H1"));
    const Definitions carried = definitions();
    for (const Definition& definition : carried.all()) {
        EXPECT_TRUE(audits().contains(definition.kind)) << definition.kind;
        EXPECT_TRUE(insights().contains(definition.kind)) << definition.kind;
    }
    WorkflowRow broken; // captured money that stands nowhere
    broken.state = "CANCELED";
    booking::Data data;
    data.money.payments.push_back({.id = "pi", .session = {}, .currency = "usd", .captured = 5});
    data.money.disputes.push_back({.id = "dp", .payment = "pi", .amount = 5, .decided_at = {}}); // open, and nobody is told
    broken.data = booking::write(data);
    const auto breaches = audits().at("booking")(broken, {});
    EXPECT_THAT(breaches, ::testing::Contains(::testing::Field(&Breach::invariant, "M1")));
    EXPECT_THAT(breaches, ::testing::Contains(::testing::Field(&Breach::invariant, "S2")));
    for (const Breach& breach : breaches) EXPECT_THAT(names, ::testing::Contains(breach.invariant));
    EXPECT_THAT(attention_reasons(), SizeIs(booking::attention_reasons.size()));
}

} // namespace
} // namespace appointd::daemon
