#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

/// The value of a query that answers one sample, or nothing.
std::string ask(Stage& stage, const std::string& prometheus, const std::string& query) {
    const auto answer = parse_object(stage.get(prometheus + "/api/v1/query?query=" + percent_encode(query)).body);
    const json::object* data = answer ? object_field(*answer, "data") : nullptr;
    const json::array* result = data ? array_field(*data, "result") : nullptr;
    if (!result || result->empty()) return "";
    const json::array* value = array_field(result->front().as_object(), "value");
    return value && value->size() == 2 ? std::string(value->at(1).as_string()) : "";
}

TEST(Prometheus, ScrapesARunningDaemonAndFindsItsMetricsWellFormed) {
    Stage stage("sqlite");
    stage.daemon().start();
    const auto runs = stage.begin_load(24, 41).get();
    EXPECT_THAT(stage.problems_of(runs), IsEmpty());

    const std::string exposition = stage.directory().string() + "/metrics.txt";
    std::ofstream(exposition) << stage.metrics();
    Child promtool({"/bin/sh", "-c", "exec /usr/bin/promtool check metrics < " + exposition}, {}, exposition + ".checked");
    EXPECT_EQ(promtool.wait(30s), 0) << promtool.tail();
    EXPECT_EQ(promtool.tail(), "");

    const net::ReservedPort port;
    const std::string config = stage.directory().string() + "/prometheus.yml";
    std::ofstream(config) << "global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: appointd\n    static_configs:\n"
                          << "      - targets: ['" << demo::address_of(stage.places().admin_url) << "']\n";
    Child prometheus({"/usr/bin/prometheus", "--config.file=" + config,
                      "--storage.tsdb.path=" + stage.directory().string() + "/tsdb", "--web.listen-address=" + port.address()},
                     {}, stage.directory().string() + "/prometheus.log");
    const std::string url = "http://" + port.address();
    EXPECT_TRUE(stage.eventually([&] { return ask(stage, url, "up{job=\"appointd\"}") == "1"; })) << prometheus.tail();
    EXPECT_EQ(ask(stage, url, "sum(appointd_workflows{kind=\"booking\"})"), "24");
    EXPECT_EQ(ask(stage, url, "sum(appointd_attention)"), "0");
    EXPECT_NE(ask(stage, url, "sum(appointd_webhooks_total{disposition=\"applied\"}) > 0"), "");
    prometheus.signal(SIGTERM);
    EXPECT_EQ(prometheus.wait(20s), 0);
}

TEST(Prometheus, GaugesFromTheStoreAreTrueAfterARestart) {
    Stage stage("sqlite");
    stage.daemon().start();
    const auto runs = stage.begin_load(24, 42).get();
    EXPECT_THAT(stage.problems_of(runs), IsEmpty());
    std::map<std::string, int> wanted;
    for (const demo::Run& run : runs) ++wanted[std::string(run.plan.script->ending.state)];
    stage.daemon().kill();
    stage.daemon().start();
    const std::string text = stage.metrics();
    for (const auto& [state, count] : wanted)
        EXPECT_NE(text.find("appointd_workflows{kind=\"booking\",state=\"" + state + "\"} " + std::to_string(count)),
                  std::string::npos)
            << state << " " << count;
}

} // namespace
} // namespace appointd::e2e
