#pragma once

#include "daemon/demo_people.hpp"
#include "daemon/demo_reconciliation.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace appointd::demo {

/// Makes a fresh booking, and says where to click and what to paste while everything is left running.
boost::asio::awaitable<std::string> invitation(Web& web, Places places, std::vector<Run> runs);

/// Returns on SIGINT or SIGTERM.
void wait_for_signal(boost::asio::io_context& context);

} // namespace appointd::demo
