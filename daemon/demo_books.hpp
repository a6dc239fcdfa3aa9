#pragma once

#include "daemon/demo_ledger.hpp"
#include "daemon/demo_people.hpp"

namespace appointd::demo {

/// The daemon's books over its admin API: every booking whose search text holds `tag`. Throws Stuck.
boost::asio::awaitable<AllBooks> read_books(Web& web, const Places& places, std::string tag);

/// How many dead letters it has (at most one page of them is counted).
boost::asio::awaitable<std::size_t> count_dead_letters(Web& web, const Places& places);

/// Webhooks by disposition, from /metrics.
boost::asio::awaitable<std::map<std::string, std::size_t>> count_webhooks(Web& web, const Places& places);

/// One workflow's detail, as the admin API answers it.
Books books_of(const json::object& detail);

} // namespace appointd::demo
