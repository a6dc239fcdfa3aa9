#pragma once

#include "engine/ports/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace appointd::persistence {

/// Rows of one batch, by what was meant with them.
enum class Work { events, freed, begun, moved, requested, attempted, skipped, reopened, keyed, bound };
constexpr std::array<std::string_view, 10> work_names{"events",    "freed",   "begun",    "moved", "requested",
                                                      "attempted", "skipped", "reopened", "keyed", "bound"};

struct Counts {
    std::array<std::int64_t, work_names.size()> rows{};
    std::int64_t& operator[](Work work) { return rows[static_cast<std::size_t>(work)]; }
    friend bool operator==(const Counts&, const Counts&) = default;
};

Counts meant_by(const engine::Writes& writes);

/// "events 1 of 2, keyed 0 of 1": empty where every count is as meant.
std::string difference(const Counts& meant, const Counts& done);

} // namespace appointd::persistence
