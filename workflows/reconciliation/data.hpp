#pragma once

#include "foundation/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the reconciliation of one provider account remembers. Values only; times are UTC.
namespace appointd::reconciliation {

/// One sweep: everything the provider tells of a window, page by page.
struct Sweep {
    Time since{}, until{}; ///< the window
    Time started{};
    std::string cursor;     ///< where the next page begins, in the adapter's own words; empty: at the beginning
    std::int64_t pages = 0; ///< read
    std::int64_t seen = 0;  ///< events that the provider told of, the known ones among them
    friend bool operator==(const Sweep&, const Sweep&) = default;
};

struct Data {
    std::string provider, account;
    std::int64_t generation = 1;      ///< which instance of this account's chain (instance.hpp)
    std::int64_t every_seconds = 600; ///< between two sweeps
    Time floor{};                     ///< appointd's own beginning: what is older is not its business
    Time covered{};                   ///< up to here everything was asked about
    std::optional<Sweep> sweep;       ///< under way, or to be gone on with after a failure
    std::optional<Sweep> last;        ///< the last one that was complete
    std::optional<Time> last_ended;
    std::optional<Time> wanted; ///< an operator asked from here on, while a sweep was under way
    std::string last_error;     ///< of the last failure; empty after a success
    std::int64_t failures = 0;  ///< in a row
    std::int64_t sweeps = 0;    ///< complete ones of this instance
    friend bool operator==(const Data&, const Data&) = default;
};

/// Throws std::invalid_argument on text that `write` did not make.
Data read(std::string_view text);
/// Compact JSON, fields in a fixed order: the same data writes the same bytes.
std::string write(const Data& data);

} // namespace appointd::reconciliation
