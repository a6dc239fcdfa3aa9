#pragma once

#include <string>
#include <utility>

namespace appointd::daemon {

/// A value that cannot be printed by accident: no stream operator, no conversion; whoever needs it says so.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    bool empty() const { return value_.empty(); }
    const std::string& reveal() const { return value_; }

private:
    std::string value_;
};

} // namespace appointd::daemon
