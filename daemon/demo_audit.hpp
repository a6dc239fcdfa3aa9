#pragma once

#include "daemon/demo_people.hpp"
#include "daemon/demo_reconciliation.hpp"

/// What the daemon says of itself when it is asked like an operator and a bookkeeper would: replays and the money report.
namespace appointd::demo {

struct Replays {
    std::size_t same = 0, total = 0;
    std::vector<std::string> problems; ///< one line each
};
/// GET …/replay of every booking. Throws Stuck.
boost::asio::awaitable<Replays> replay_all(Web& web, const Places& places, const AllBooks& books);

/// What moved between two instants, by currency.
struct Moved {
    std::int64_t captured = 0, refunded = 0, kept = 0, lost = 0;
};
struct MoneyMoved {
    std::map<std::string, Moved> by_currency;
    bool adds_up = false;
};
/// GET /admin/v1/reports/money, all pages. Throws Stuck.
boost::asio::awaitable<MoneyMoved> read_money_moved(Web& web, const Places& places, Time from, Time to);
/// Where the report says something else than the books and the providers' ledger: one line each.
std::vector<std::string> compare_report(const MoneyMoved& report, const std::map<std::string, Sums>& sums);

} // namespace appointd::demo
