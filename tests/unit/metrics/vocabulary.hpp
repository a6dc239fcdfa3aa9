#pragma once

#include "metrics/metrics.hpp"

namespace appointd::metrics::testing {

/// A small closed list to count with: kind "errand" (open, done), two providers, two reasons.
Vocabulary vocabulary();

/// Tells `metrics` one of everything, so that every family has a child.
void touch_everything(Metrics& metrics);

/// The value of a series as the exposition writes it, NaN where it is not there. `series`: "name{label=\"value\"}".
double value_of(const std::string& exposition, const std::string& series);

} // namespace appointd::metrics::testing
