#pragma once

#include <string>

namespace appointd::adapters::zoom {

/// Server-to-Server OAuth.
struct ApiConfig {
    std::string api_base = "https://api.zoom.us"; ///< may hold a path prefix; the version (/v2) is ours
    std::string auth_base = "https://zoom.us";
    std::string account_id, client_id, client_secret;
    std::string user_id; ///< the host: an id or e-mail address; Server-to-Server has no "me"
};

} // namespace appointd::adapters::zoom
