#pragma once

#include <string>
#include <vector>

namespace appointd::daemon {

/// Columns as wide as their widest cell, two spaces between them; the last is not padded.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

} // namespace appointd::daemon
