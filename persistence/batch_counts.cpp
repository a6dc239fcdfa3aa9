#include "persistence/batch_counts.hpp"

#include <algorithm>

namespace appointd::persistence {

Counts meant_by(const engine::Writes& writes) {
    const auto size = [](const auto& rows) { return static_cast<std::int64_t>(rows.size()); };
    Counts counts;
    counts[Work::events] = size(writes.events);
    counts[Work::freed] = size(writes.freed);
    counts[Work::begun] =
        std::count_if(writes.workflows.begin(), writes.workflows.end(), [](const auto& w) { return w.was == 0; });
    counts[Work::moved] = size(writes.workflows) - counts[Work::begun];
    counts[Work::requested] = size(writes.activities);
    counts[Work::attempted] = size(writes.attempted);
    counts[Work::skipped] = size(writes.skipped);
    counts[Work::reopened] = size(writes.reopened);
    counts[Work::keyed] = size(writes.keys);
    counts[Work::bound] = size(writes.binds);
    return counts;
}

std::string difference(const Counts& meant, const Counts& done) {
    std::string text;
    for (std::size_t work = 0; work < meant.rows.size(); ++work) {
        if (meant.rows[work] == done.rows[work]) continue;
        if (!text.empty()) text += ", ";
        text += std::string(work_names[work]) + " " + std::to_string(done.rows[work]) + " of " + std::to_string(meant.rows[work]);
    }
    return text;
}

} // namespace appointd::persistence
