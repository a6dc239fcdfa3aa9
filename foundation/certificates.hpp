#pragma once

#include "foundation/result.hpp"

#include <string>

namespace appointd {

/// How many certificates a PEM file holds: at least one. Errors: not_readable, no_certificate (none in it, or one that cannot be
/// read).
Result<int> count_certificates(const std::string& path);

} // namespace appointd
