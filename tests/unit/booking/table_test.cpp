#include "engine/core/table.hpp"
#include "workflows/booking/definition.hpp"
#include "workflows/booking/kind.hpp"

#include <gtest/gtest.h>

#include <set>

namespace appointd::booking {

TEST(BookingTable, EveryCellIsDecided) {
    for (const std::string& fault : engine::faults_of_table<Booking>()) ADD_FAILURE() << fault;
}

TEST(BookingTable, EveryRowSaysWhy) {
    for (const auto& row : Booking::rows()) EXPECT_FALSE(row.reason.empty()) << engine::name_of<Booking>(row.event);
}

TEST(BookingTable, HasAnEventForEveryName) {
    EXPECT_EQ(Booking::events.size(), static_cast<std::size_t>(Booking::Event::operator_skip) + 1);
    EXPECT_EQ(std::set<std::string_view>(Booking::events.begin(), Booking::events.end()).size(), Booking::events.size());
    EXPECT_EQ(Booking::states.size(), static_cast<std::size_t>(State::refunded) + 1);
}

TEST(BookingTable, NoGuardIsAskedTwiceInACell) {
    for (std::size_t state = 0; state < Booking::states.size(); ++state)
        for (std::size_t event = 0; event < Booking::events.size(); ++event) {
            std::set<std::string_view> guards;
            for (const auto* row : engine::rows_of<Booking>(static_cast<State>(state), static_cast<Booking::Event>(event)))
                EXPECT_TRUE(guards.insert(row->guard.name).second)
                    << Booking::states[state] << " x " << Booking::events[event] << ": " << row->guard.name << " twice";
        }
}

} // namespace appointd::booking
