#pragma once

#include <chrono>
#include <string>

namespace appointd::bench {

/// Commits through the store port for `limit`, one session, `events` transitions a batch, and answers transitions a second. Each
/// moves a workflow, writes its event with a 500-byte raw body and requests an activity, under the locks and counts of a real
/// batch. `url` names an empty database. Throws std::runtime_error where a batch does not commit.
double transitions_per_second(const std::string& url, int events, std::chrono::duration<double> limit);

} // namespace appointd::bench
