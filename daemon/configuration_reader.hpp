#pragma once

#include "daemon/configuration.hpp"
#include "daemon/configuration_value.hpp"

#include <string>
#include <string_view>
#include <vector>

#define TOML_HEADER_ONLY 0
#define TOML_SHARED_LIB 1
#include <toml++/toml.h>

namespace appointd::daemon {

/// What is wrong with a configuration, gathered so that all of it can be said at once.
class Problems {
public:
    void add(std::string_view path, std::string_view message) {
        lines_.push_back(std::string(path) + ": " + std::string(message));
    }
    bool empty() const { return lines_.empty(); }
    /// One line a problem.
    std::string text() const;

private:
    std::vector<std::string> lines_;
};

/// Error config_invalid, with file and line.
Result<toml::table> parse_toml(std::string_view text, std::string_view file);

/// A TOML value as the text that its setting would have in the environment; nullopt (and a problem) where the TOML type does not
/// fit.
std::optional<std::string> as_setting_text(const toml::node& node, Kind kind, std::string_view path, Problems& problems);

/// Reads [[session_type]]; checks each, and that ids and event types are not given twice. `path` names the source in messages.
std::vector<SessionType> read_session_types(const toml::node& node, std::string_view path, Problems& problems);

/// Reads [[webhook_endpoint]], as read_session_types does its tables.
std::vector<WebhookEndpoint> read_webhook_endpoints(const toml::node& node, std::string_view path, Problems& problems);

/// What holds between settings, after each alone was found right.
void check_together(Configuration& configuration, Problems& problems);

} // namespace appointd::daemon
