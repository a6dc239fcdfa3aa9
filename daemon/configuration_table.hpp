#pragma once

#include "daemon/configuration.hpp"
#include "daemon/configuration_value.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace appointd::daemon {

/// One setting: where it may be given, what it holds, what it means and where it lands.
struct Setting {
    std::string_view key;      ///< path in the TOML file: "engine.lease"
    std::string_view variable; ///< in the environment: "APPOINTD_ENGINE_LEASE"; secrets also VARIABLE_FILE
    Kind kind;
    std::string_view fallback; ///< the default as text; empty: not set
    std::string_view help;
    void (*assign)(Configuration&, const Value&);
    double least = 0; ///< bounds of numbers, sizes and durations (seconds)
    double most = std::numeric_limits<double>::max();
};

/// The table from which the parser, --help, check-config and docs/operations.md come.
std::span<const Setting> settings();

/// One field of [[session_type]], for the same pages.
struct SessionField {
    std::string_view key, type, fallback, help;
};
std::span<const SessionField> session_fields();
/// Fields of [[webhook_endpoint]].
std::span<const SessionField> endpoint_fields();
/// Keys of [session_type.zoom] and the type of each: "boolean", "text" or "integer".
std::span<const SessionField> zoom_fields();

/// For --help: a plain table of keys, variables and defaults.
std::string settings_help();
/// For docs/operations.md: the tables in Markdown.
std::string settings_page();
/// For check-config: what is in force and where it came from.
std::string describe(const Configuration& configuration);
json::object describe_json(const Configuration& configuration);

} // namespace appointd::daemon
