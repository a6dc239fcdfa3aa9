#include "metrics/metrics.hpp"
#include "tests/integration/prometheus/prometheus_server.hpp"
#include "tests/support/loopback.hpp"
#include "tests/unit/metrics/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::test {

using ::testing::HasSubstr;
using ::testing::Not;

/// /metrics as the daemon serves it: behind a token, in the text format.
TEST(Prometheus, ScrapesOurExpositionThenItReadsWhatWeCounted) {
    if (!PrometheusServer::installed()) GTEST_SKIP() << "prometheus is not installed";
    metrics::Metrics metrics(metrics::testing::vocabulary());
    metrics::testing::touch_everything(metrics);
    testing_support::Loop loop;
    testing_support::LoopbackServer server(
        loop, net::ServerLimits{}, [&](net::Request request) -> boost::asio::awaitable<net::Response> {
            net::Response response;
            const bool known = net::find_header(request.headers, "authorization") == "Bearer sesame";
            response.status = known ? 200 : 401;
            if (known) response.body = metrics.exposition();
            response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4");
            co_return response;
        });
    const PrometheusServer prometheus("127.0.0.1:" + std::to_string(server.port()), "sesame");

    EXPECT_EQ(prometheus.query("up{job=\"appointd\"} == 1"), 1);
    EXPECT_EQ(prometheus.query("appointd_workflows{kind=\"errand\",state=\"open\"}"), 2);
    EXPECT_EQ(prometheus.query("appointd_webhooks_total{provider=\"post\",disposition=\"applied\"}"), 1);
    EXPECT_EQ(prometheus.query("appointd_oldest_pending_activity_seconds"), 30);
    EXPECT_EQ(prometheus.query("appointd_webhook_ack_seconds_bucket{provider=\"post\",le=\"+Inf\"}"), 1);
    EXPECT_EQ(prometheus.query("ALERTS{alertname=\"AppointdDeadLetters\",alertstate=\"firing\"}"), 1);
    EXPECT_EQ(prometheus.query("ALERTS{alertname=\"AppointdAttention\",alertstate=\"firing\",reason=\"lost\"}"), 1);
    EXPECT_THAT(prometheus.get("/api/v1/rules"), Not(HasSubstr("\"health\":\"err\"")));
    EXPECT_THAT(prometheus.get("/api/v1/targets"), HasSubstr("\"lastError\":\"\""));
}

} // namespace appointd::test
