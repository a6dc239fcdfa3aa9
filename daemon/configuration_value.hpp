#pragma once

#include "foundation/result.hpp"
#include "foundation/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace appointd::daemon {

/// What a setting holds, and so how its text is read.
enum class Kind {
    text,
    secret,   ///< never shown; also from the file that NAME_FILE names
    secrets,  ///< several, comma-separated or a TOML array
    database, ///< a secret too: a database URL may carry a password
    url,      ///< http or https, without a slash at its end
    address,  ///< "127.0.0.1:8080", "[::1]:8080"
    duration, ///< "500ms", "30s", "5m", "24h", "2d"
    bytes,    ///< "512KiB", "1MiB", or a plain number of bytes
    integer,
    number,
    boolean,
    level, ///< debug, info, warn, error
};

using Value = std::variant<std::string, std::vector<std::string>, std::int64_t, double, bool, Duration>;

/// Error code config_invalid; the message says what is expected. Never repeats a secret.
Result<Value> parse_value(Kind kind, std::string_view text);

/// What the kind expects, in words: "a duration like 30s".
std::string_view expectation(Kind kind);

bool is_secret(Kind kind);
bool is_url(std::string_view text);
/// Host part of an address is 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view address);

} // namespace appointd::daemon
