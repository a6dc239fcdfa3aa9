#pragma once

#include <compare>
#include <utility>

namespace appointd {

/// A value that cannot be mixed up with another of the same representation. Constant cost, no options.
template <class Tag, class T> class Strong {
public:
    Strong() = default;
    constexpr explicit Strong(T value) : value_(std::move(value)) {}
    constexpr const T& get() const { return value_; }
    friend std::strong_ordering operator<=>(const Strong& left, const Strong& right) {
        return left.value_ == right.value_  ? std::strong_ordering::equal
               : left.value_ < right.value_ ? std::strong_ordering::less
                                            : std::strong_ordering::greater;
    }
    friend bool operator==(const Strong&, const Strong&) = default;

private:
    T value_{};
};

} // namespace appointd
