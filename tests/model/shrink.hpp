#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace appointd::model {

/// Delta debugging: drops chunks of a failing run, large ones first, as long as it still fails, until no single element can go.
/// `still_fails(candidate)` answers what of the candidate took part, where that fails as the whole did; else nullopt.
template <class T, class StillFails> std::vector<T> shrink(std::vector<T> run, StillFails&& still_fails) {
    const auto without = [&](std::size_t first, std::size_t last) {
        std::vector<T> rest(run.begin(), run.begin() + static_cast<std::ptrdiff_t>(first));
        rest.insert(rest.end(), run.begin() + static_cast<std::ptrdiff_t>(last), run.end());
        return rest;
    };
    bool dropped = false;
    for (std::size_t chunk = std::max<std::size_t>(run.size() / 2, 1);;) {
        dropped = false;
        for (std::size_t first = 0; first < run.size();) {
            std::optional<std::vector<T>> left = still_fails(without(first, std::min(first + chunk, run.size())));
            if (left && left->size() < run.size()) {
                run = std::move(*left);
                dropped = true;
            } else {
                first += chunk;
            }
        }
        if (chunk > 1)
            chunk /= 2;
        else if (!dropped)
            return run;
    }
}

} // namespace appointd::model
