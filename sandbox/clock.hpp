#pragma once

#include "foundation/time.hpp"

#include <functional>

namespace appointd::sandbox {

/// The sandbox's own time: a source plus an offset that only grows, so that slots of next week, token expiries and the
/// 24 hours of a subscription can be reached at once. Signatures carry the source's time: the receiver's clock does not move.
class Clock {
public:
    explicit Clock(std::function<Time()> source) : source_(std::move(source)) {}

    Time now() const { return source_() + offset_; }
    Time source_now() const { return source_(); }
    Duration offset() const { return offset_; }
    /// Negative durations are ignored.
    void advance(Duration by) {
        if (by > Duration::zero()) offset_ += by;
    }

private:
    std::function<Time()> source_;
    Duration offset_{0};
};

} // namespace appointd::sandbox
