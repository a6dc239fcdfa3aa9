#include "tests/e2e/daemon/gate.hpp"
#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

unsigned short port_in(const std::string& url) { return static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1))); }

TEST(Nodes, ThreeDaemonsShareOnePostgresqlAndSurviveTheLossOfOne) {
    testing_support::Loop loop;
    std::vector<unsigned short> ports;
    for (int i = 0; i < 3; ++i) ports.push_back(static_cast<unsigned short>(test::free_loopback_port()));
    Gate gate(loop, ports);
    const std::string front = "http://127.0.0.1:" + std::to_string(gate.port());
    Stage stage(fresh_store("postgresql", {}), front, quick_pace(), {});
    std::vector<std::unique_ptr<Daemon>> nodes;
    for (const unsigned short port : ports) {
        demo::Places places = stage.places();
        if (!nodes.empty()) places.admin_url = "http://127.0.0.1:" + std::to_string(test::free_loopback_port());
        demo::Setup setup = demo::setup_for(places, stage.sandbox().environment(), stage.store(), stage.pace());
        setup.environment["APPOINTD_LISTEN"] = "127.0.0.1:" + std::to_string(port);
        nodes.push_back(
            std::make_unique<Daemon>(places, setup, stage.directory().string(), "node" + std::to_string(nodes.size())));
        nodes.back()->start();
    }
    auto runs = stage.begin_load(60, 21);
    ASSERT_TRUE(stage.eventually([&] { return stage.ended() >= 20; }, 90s)) << nodes[0]->log_tail();
    nodes[2]->kill(); // and it stays away: the others take up what it had claimed
    EXPECT_THAT(stage.problems_of(runs.get()), IsEmpty()) << nodes[0]->log_tail() << nodes[1]->log_tail();
    for (std::size_t i = 0; i < 2; ++i) {
        const std::string text = stage.get(nodes[i]->places().admin_url + "/metrics").body;
        EXPECT_NE(text.find("appointd_workflows{"), std::string::npos) << "node " << i;
    }
    EXPECT_EQ(port_in(stage.places().public_url), gate.port());
}

} // namespace
} // namespace appointd::e2e
