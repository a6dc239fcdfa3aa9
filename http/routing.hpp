#pragma once

#include "http/services.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace appointd::http {

struct Match {
    const Route* route = nullptr; ///< null: none fits
    std::vector<std::string> parameters{};
    std::string allowed{}; ///< where the path fits and the method does not: "GET, HEAD"
};

/// HEAD is served by GET's route. Parameters are percent-decoded; one that cannot be decoded fits nowhere.
Match match(const std::vector<Route>& routes, std::string_view method, std::string_view path);

/// The fields of a query; nullopt where it is broken.
std::optional<Fields> query_of(const net::Request& request);

} // namespace appointd::http
