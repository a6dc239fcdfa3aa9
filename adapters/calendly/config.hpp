#pragma once

#include <string>

namespace appointd::adapters::calendly {

struct ApiConfig {
    std::string base = "https://api.calendly.com"; ///< may hold a path prefix
    std::string token;                             ///< personal access token
};

} // namespace appointd::adapters::calendly
