#pragma once

#include "foundation/json.hpp"
#include "tests/model/booking/node.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace appointd::model {

/// One kind of booking, and how much may go wrong in one run of it.
struct Scenario {
    std::string name;
    std::string words; ///< what it is about
    json::object terms;
    bool direct = false;            ///< booked straight on Calendly, not over the API
    bool group = false;             ///< the event takes several invitees
    bool paid_there = false;        ///< Calendly collects the money itself
    std::string location{};         ///< Calendly's own conference ("zoom"), or empty
    Budget budget{};                ///< a bound: troubles of each kind, and of all together, in one run
    int reconciliations = 2;        ///< a bound: reconciliations in a row that change nothing
    std::size_t states = 2'000'000; ///< a bound on memory: exploration stops there and says so
};

Budget budget(int total, std::initializer_list<std::pair<Trouble, int>> each);

/// The scenarios of the test run, in the order of their cost. `more` raises the total of each budget, and the count of each
/// kind that it allows.
std::vector<Scenario> scenarios(int more = 0);

} // namespace appointd::model
