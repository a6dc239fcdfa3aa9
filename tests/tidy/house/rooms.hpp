#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace appointd::tidy {

/// Who may include whom (docs/architecture.md).
struct Room {
    std::string_view folder;
    std::vector<std::string_view> may_include; ///< folders of ours, besides itself
    std::vector<std::string_view> may_use;     ///< guarded libraries of others
};

std::span<const Room> rooms();

/// The most special room that a path lies in; null for files outside all rooms.
const Room* room_of(std::string_view path);

/// Libraries that belong to certain rooms only, by how their includes begin.
std::span<const std::string_view> guarded_libraries();

} // namespace appointd::tidy
