#pragma once

#include <string_view>

namespace appointd {

/// Valid UTF-8 without a zero byte: what the text of every database takes.
bool is_text(std::string_view bytes);

} // namespace appointd
