#include "tests/e2e/daemon/gate.hpp"
#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

#include <array>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

unsigned short port_in(const std::string& url) { return static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1))); }

TEST(Nodes, ThreeDaemonsShareOnePostgresqlAndSurviveTheLossOfOne) {
    testing_support::Loop loop;
    const std::array<net::ReservedPort, 3> ports;
    const std::array<net::ReservedPort, 2> admin_ports; // the first has the stage's
    Gate gate(loop, {ports[0].number(), ports[1].number(), ports[2].number()});
    const std::string front = "http://127.0.0.1:" + std::to_string(gate.port());
    Stage stage(fresh_store("postgresql", {}), front, quick_pace(), {});
    std::vector<std::unique_ptr<Daemon>> nodes;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        demo::Places places = stage.places();
        if (i > 0) places.admin_url = "http://" + admin_ports[i - 1].address();
        demo::Setup setup = demo::setup_for(places, stage.sandbox().environment(), stage.store(), stage.pace());
        setup.environment["APPOINTD_LISTEN"] = ports[i].address();
        nodes.push_back(std::make_unique<Daemon>(places, setup, stage.directory().string(), "node" + std::to_string(i)));
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
