#pragma once

#include "foundation/json.hpp"

#include <string>
#include <string_view>

namespace appointd::adapters {

/// The body as it may be kept: `body` itself where it holds no secret, else written anew with every password, passcode, token,
/// client secret and host link blanked, at any depth. `parsed` is the body parsed.
std::string without_secrets(std::string_view body, const json::object& parsed);

/// A provider's words as they may be logged, stored and shown: one line, at most 300 bytes, valid UTF-8 where they were, nothing
/// that looks like a credential, and no e-mail address: providers like to repeat what they were told.
std::string for_people(std::string_view message);

} // namespace appointd::adapters
