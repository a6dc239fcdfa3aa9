#pragma once

#include "foundation/result.hpp"
#include "foundation/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Whether a webhook is the provider's, told from its raw bytes before anything is parsed.
namespace appointd::adapters {

/// "a, b ,c" as {"a", "b", "c"}: white space round a secret (a trailing newline from a file) is never part of it, blank ones do
/// not count.
std::vector<std::string> split_secrets(std::string_view text);

/// "t=SECONDS,v1=HEX[,v1=HEX…]": HMAC-SHA256 of "SECONDS.BODY" under any of the secrets, compared in constant time; other schemes
/// are ignored. Errors: bad_signature (none that fits, or not written like this), stale_timestamp (true, but further from `now`
/// than `tolerance`, either way).
Result<void> check_timestamped(std::string_view header, const std::vector<std::string>& secrets, std::string_view body,
                               Duration tolerance, Time now);

/// The moment that a provider wrote in seconds: bad_signature where it is no such number, stale_timestamp where it is too far
/// from `now`.
Result<void> check_moment(std::string_view seconds, Duration tolerance, Time now);

} // namespace appointd::adapters
