#pragma once

#include "tests/model/booking/model.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace appointd::model {

/// A promise that breaks, and the shortest way there.
struct Counterexample {
    std::string scenario;
    std::vector<booking::Violation> violations;
    std::vector<std::string> timeline;
};

struct Report {
    std::string scenario, words;
    std::size_t states = 0;      ///< nodes explored
    std::size_t transitions = 0; ///< steps taken between them
    std::size_t rows = 0;        ///< bookings as stored that were met
    std::size_t quiet = 0;       ///< nodes in which the quiet invariants were compared with the providers
    std::size_t rested = 0;      ///< nodes on the way to rest, both ways
    int depth = 0;
    double seconds = 0;
    bool closed = false;    ///< the whole space under the bounds
    std::string stopped_by; ///< where it is not closed: which bound
    Coverage coverage;
    std::optional<Counterexample> counterexample;
};

/// Breadth first: a counterexample is a shortest one. Every new node is checked for safety and, where quiet, against the
/// providers; and is left alone twice (its webhooks arrive, its webhooks are lost) until it rests. `stop` ends it early;
/// `seconds` bounds it.
Report explore(const Scenario& scenario, const engine::Definition& definition, double seconds, const std::atomic<bool>& stop);

/// Walks of `length` steps beyond the bounds, chosen by chance; each is folded a second time as it goes, with nothing
/// forgotten (H1). The first that breaks a promise is shrunk, where `shrink`.
Report wander(const Scenario& scenario, const engine::Definition& definition, std::uint64_t seed, int walks, int length,
              bool shrink = true);

/// All of them, on `threads` threads. Stops at the first counterexample where `stop_at_first`.
std::vector<Report> explore_all(const std::vector<Scenario>& scenarios, const engine::Definition& definition, double seconds,
                                int threads, bool stop_at_first = false);

std::string bounds_of(const Scenario& scenario);
std::string text_of(const Report& report);
std::string text_of(const Counterexample& found);
/// By row of the table: whether it decided somewhere.
std::vector<bool> rows_exercised(const Coverage& coverage);
/// Rows of the table that decided somewhere, and those that never did.
std::string coverage_text(const std::vector<Report>& reports);

} // namespace appointd::model
