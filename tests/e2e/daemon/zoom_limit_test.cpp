#include "tests/e2e/daemon/customer.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace appointd::e2e {
namespace {

using testing::IsEmpty;

constexpr std::size_t daily_limit = 100; // Zoom's real one, of one host
constexpr std::size_t bookings = 104;

std::int64_t creates_answered(Stage& stage, const std::string& status) {
    const auto calls = demo::data_of(stage.get(stage.places().sandbox_url + "/control/calls"));
    std::int64_t sum = 0;
    for (const auto& [route, count] : calls.value())
        if (std::string_view(route).starts_with("zoom POST /v2/users") && std::string_view(route).ends_with(status))
            sum += count.to_number<std::int64_t>();
    return sum;
}

TEST(ZoomsDailyLimit, IsWaitedOutWithoutHammeringAndWithoutAFlag) {
    demo::Town town;
    town.zoom_daily_limit = daily_limit;
    town.misfortune = false;
    Stage stage("sqlite", quick_pace(), town);
    stage.daemon().start();
    std::vector<std::unique_ptr<Customer>> customers;
    for (std::size_t i = 0; i < bookings; ++i) {
        customers.push_back(std::make_unique<Customer>(stage, "intro-15", "guest" + std::to_string(i) + "@example.org"));
        customers.back()->ask();
        customers.back()->take_slot();
    }
    const auto made = [&] { return creates_answered(stage, " 201"); };
    EXPECT_TRUE(stage.eventually([&] { return made() == static_cast<std::int64_t>(daily_limit); })) << made();
    EXPECT_TRUE(stage.eventually([&] { return creates_answered(stage, " 429") >= 1; }));
    std::size_t without = 0;
    for (const auto& customer : customers) {
        customer->await_state("CONFIRMED"); // the last ones' slots may still be on their way
        EXPECT_THAT(customer->attention(), IsEmpty());
        if (customer->live_meetings() == 0) ++without;
    }
    EXPECT_EQ(without, bookings - daily_limit);
    // Until midnight nobody asks again, but for the calls that were already under way.
    EXPECT_LE(creates_answered(stage, " 429"), 40);
}

} // namespace
} // namespace appointd::e2e
