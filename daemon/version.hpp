#pragma once

#include <string_view>

namespace appointd::daemon {

/// Of this build; the schema and the definitions have versions of their own.
inline constexpr std::string_view version = "0.1.0";

} // namespace appointd::daemon
