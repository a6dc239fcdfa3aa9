#pragma once

#include "daemon/demo_audit.hpp"
#include "daemon/demo_reconciliation.hpp"
#include "foundation/json.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// How a demonstration looks to a person, and to a program.
namespace appointd::demo {

/// One line that is redrawn on a terminal, a plain line now and then elsewhere. Writes to standard error.
class Progress {
public:
    Progress(std::size_t total, bool quiet);
    /// `under_way`: bookings that have begun and not ended.
    void show(std::size_t ended, std::size_t stuck, std::size_t under_way);
    void finish();

private:
    std::size_t total_;
    std::size_t told_ = 0;
    bool quiet_, terminal_;
    std::chrono::steady_clock::time_point began_;
};

/// Everything there is to say at the end.
struct Report {
    std::uint64_t seed = 0;
    double seconds = 0;
    std::vector<Run> runs;
    AllBooks books;
    Verdict verdict;
    std::map<std::string, std::size_t> webhooks; ///< by disposition, as the daemon counts them
    std::size_t dead_letters = 0;
    Replays replays;
    MoneyMoved money;
    bool passed() const { return verdict.problems.empty() && dead_letters == 0; }
};

/// The table of final states, the reconciliation, and what is wrong.
std::string text_of(const Report& report);
json::object json_of(const Report& report);

/// "123.45 usd"
std::string money_text(std::int64_t minor, const std::string& currency);

} // namespace appointd::demo
