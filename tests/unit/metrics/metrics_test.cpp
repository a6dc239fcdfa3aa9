#include "metrics/metrics.hpp"

#include "tests/unit/metrics/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace appointd::metrics::testing {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

struct MetricsTest : ::testing::Test {
    double read(const std::string& series) const { return value_of(metrics.exposition(), series); }
    void decide(std::string_view from, std::string_view to, std::string_view type, engine::Disposition disposition) {
        metrics.decided({{}, {}, "errand", from, to, type, "timer", "", disposition, 1});
    }
    Metrics metrics{vocabulary()};
    const engine::Lane post = engine::lane("", "post", "default");
    const Time now = from_micros(1'800'000'000'000'000);
};

TEST_F(MetricsTest, NothingHappenedThenKnownSeriesStandAtZero) {
    EXPECT_EQ(read("appointd_workflows{kind=\"errand\",state=\"open\"}"), 0);
    EXPECT_EQ(read("appointd_attention{reason=\"lost\"}"), 0);
    EXPECT_EQ(read("appointd_webhooks_total{disposition=\"rejected\",provider=\"bank\"}"), 0);
    EXPECT_EQ(read("appointd_oldest_pending_activity_seconds"), 0);
    EXPECT_EQ(read("appointd_timer_lag_seconds"), 0);
    EXPECT_EQ(read("appointd_dead_letters"), 0);
    EXPECT_EQ(read("appointd_invariant_violations_total{invariant=\"H1\"}"), 0);
    EXPECT_EQ(read("appointd_audited_workflows_total"), 0);
}

TEST_F(MetricsTest, BrokenInvariantThenCountedByItsName) {
    metrics.audited(20);
    metrics.invariant_broken("M1");
    metrics.invariant_broken("M1");
    metrics.invariant_broken("never heard of");
    EXPECT_EQ(read("appointd_audited_workflows_total"), 20);
    EXPECT_EQ(read("appointd_invariant_violations_total{invariant=\"M1\"}"), 2);
    EXPECT_EQ(read("appointd_invariant_violations_total{invariant=\"other\"}"), 1);
}

TEST_F(MetricsTest, WebhookAnsweredThenCountedByProviderAndDisposition) {
    metrics.webhook_answered("post", "duplicate", 3ms);
    metrics.webhook_answered("post", "unavailable", 3ms);
    metrics.webhook_answered("stranger", "whatever", 3ms);
    EXPECT_EQ(read("appointd_webhooks_total{disposition=\"duplicate\",provider=\"post\"}"), 1);
    EXPECT_EQ(read("appointd_webhooks_total{disposition=\"unavailable\",provider=\"post\"}"), 1);
    EXPECT_EQ(read("appointd_webhooks_total{disposition=\"other\",provider=\"other\"}"), 1);
    EXPECT_EQ(read("appointd_webhook_ack_seconds_bucket{provider=\"post\",le=\"0.005\"}"), 2);
}

TEST_F(MetricsTest, RequestAnsweredThenCountedByClassOfStatus) {
    metrics.request_answered("public", "POST /api/bookings", 201, 3ms);
    metrics.request_answered("public", "POST /api/bookings", 409, 3ms);
    metrics.request_answered("public", "POST /api/bookings", 0, 3ms);
    EXPECT_EQ(read("appointd_http_requests_total{listener=\"public\",route=\"POST /api/bookings\",status=\"2xx\"}"), 1);
    EXPECT_EQ(read("appointd_http_requests_total{listener=\"public\",route=\"POST /api/bookings\",status=\"4xx\"}"), 1);
    EXPECT_EQ(read("appointd_http_requests_total{listener=\"public\",route=\"POST /api/bookings\",status=\"other\"}"), 1);
}

TEST_F(MetricsTest, AppliedEventThenATransitionAndOthersOnlyEvents) {
    decide("", "open", "errand.asked", engine::Disposition::applied);
    decide("open", "open", "timer.reminder.2", engine::Disposition::applied);
    decide("open", "open", "errand.asked", engine::Disposition::ignored);
    EXPECT_EQ(read("appointd_transitions_total{event=\"errand.asked\",from=\"none\",kind=\"errand\",to=\"open\"}"), 1);
    EXPECT_EQ(read("appointd_transitions_total{event=\"timer.reminder\",from=\"open\",kind=\"errand\",to=\"open\"}"), 1);
    EXPECT_TRUE(std::isnan(read("appointd_transitions_total{event=\"errand.asked\",from=\"open\",kind=\"errand\",to=\"open\"}")));
    EXPECT_EQ(read("appointd_events_total{disposition=\"applied\",source=\"timer\"}"), 2);
    EXPECT_EQ(read("appointd_events_total{disposition=\"ignored\",source=\"timer\"}"), 1);
}

TEST_F(MetricsTest, AttemptsThenOnlyEndsAreActivitiesAndWaitsAndLateOnesTakeNoTime) {
    for (const auto* outcome : {"retry", "wait", "late", "succeeded", "failed", "exhausted"}) {
        metrics.attempted({}, "letter.send", post, outcome, "", "", 1, 40ms);
    }
    EXPECT_EQ(read("appointd_activity_attempts_total{kind=\"letter.send\",outcome=\"retry\",provider=\"post\"}"), 1);
    EXPECT_EQ(read("appointd_activities_total{kind=\"letter.send\",outcome=\"exhausted\",provider=\"post\"}"), 1);
    EXPECT_TRUE(std::isnan(read("appointd_activities_total{kind=\"letter.send\",outcome=\"retry\",provider=\"post\"}")));
    EXPECT_EQ(read("appointd_activity_seconds_count{kind=\"letter.send\",provider=\"post\"}"), 4);
}

TEST_F(MetricsTest, CensusThenGaugesAreTheStoresTruth) {
    engine::Census census;
    census.states = {{"errand", "open", 7, now - 100s}, {"stranger", "odd", 1, std::nullopt}};
    census.attention = {{"lost", 2}, {"unheard of", 1}};
    census.outbox = {{post, 3, now - 20s},
                     {engine::lane("", "post", "second"), 1, now - 50s},
                     {engine::lane("", "bank", "default"), 0, now - 900s}};
    census.dead_letters = 4;
    census.deferred = 5;
    census.earliest_wake = now - 2s;
    metrics.census(census, now);
    EXPECT_EQ(read("appointd_workflows{kind=\"errand\",state=\"open\"}"), 7);
    EXPECT_EQ(read("appointd_workflows{kind=\"other\",state=\"other\"}"), 1);
    EXPECT_EQ(read("appointd_oldest_workflow_seconds{kind=\"errand\",state=\"open\"}"), 100);
    EXPECT_EQ(read("appointd_attention{reason=\"lost\"}"), 2);
    EXPECT_EQ(read("appointd_attention{reason=\"other\"}"), 1);
    EXPECT_EQ(read("appointd_pending_activities{provider=\"post\"}"), 4);
    EXPECT_EQ(read("appointd_oldest_pending_activity_seconds"), 50);
    EXPECT_EQ(read("appointd_dead_letters"), 4);
    EXPECT_EQ(read("appointd_deferred_events"), 5);
    EXPECT_EQ(read("appointd_timer_lag_seconds"), 2);
    EXPECT_EQ(read("appointd_store_reachable"), 1);

    census = {};
    census.earliest_wake = now + 1h;
    metrics.census(census, now);
    EXPECT_EQ(read("appointd_workflows{kind=\"errand\",state=\"open\"}"), 0);
    EXPECT_EQ(read("appointd_attention{reason=\"lost\"}"), 0);
    EXPECT_EQ(read("appointd_oldest_pending_activity_seconds"), 0);
    EXPECT_EQ(read("appointd_timer_lag_seconds"), 0);

    metrics.census_failed();
    EXPECT_EQ(read("appointd_store_reachable"), 0);
}

TEST_F(MetricsTest, BreakersOfTwoAccountsThenTheWorstShows) {
    const engine::Lane second = engine::lane("", "post", "second");
    metrics.breaker(post, engine::Breaker::open);
    metrics.breaker(second, engine::Breaker::closed);
    EXPECT_EQ(read("appointd_breaker_state{provider=\"post\"}"), 2);
    metrics.breaker(post, engine::Breaker::half_open);
    EXPECT_EQ(read("appointd_breaker_state{provider=\"post\"}"), 1);
    metrics.breaker(post, engine::Breaker::closed);
    EXPECT_EQ(read("appointd_breaker_state{provider=\"post\"}"), 0);
}

TEST_F(MetricsTest, EndlessLabelValuesThenSeriesStayBounded) {
    for (int i = 0; i < 5000; ++i) metrics.trouble("code_" + std::to_string(i), "");
    const std::string text = metrics.exposition();
    std::size_t series = 0;
    for (auto at = text.find("\nappointd_troubles_total{"); at != std::string::npos;
         at = text.find("\nappointd_troubles_total{", at + 1))
        ++series;
    EXPECT_EQ(series, 65U);
    EXPECT_EQ(value_of(text, "appointd_troubles_total{code=\"other\"}"), 5000 - 64);
}

TEST_F(MetricsTest, ManyThreadsThenNoCountIsLost) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int n = 0; n < 5000; ++n) {
                metrics.webhook_answered("post", "applied", 1ms);
                decide("open", "done", "errand.finished", engine::Disposition::applied);
                if (n % 1000 == 0) metrics.census({}, now), static_cast<void>(metrics.exposition());
            }
        });
    }
    threads.clear();
    EXPECT_EQ(read("appointd_webhooks_total{disposition=\"applied\",provider=\"post\"}"), 20'000);
    EXPECT_EQ(read("appointd_transitions_total{event=\"errand.finished\",from=\"open\",kind=\"errand\",to=\"done\"}"), 20'000);
}

} // namespace appointd::metrics::testing
