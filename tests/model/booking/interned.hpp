#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

namespace appointd::model {

/// Values that many nodes share, each kept once under a small number; the same content has the same number. One thread.
template <class T> class Interned {
public:
    /// `key` says all that distinguishes the value.
    std::uint32_t put(std::string key, T value) {
        const auto [found, fresh] = numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(values_.size()));
        if (fresh) values_.push_back(std::move(value));
        return found->second;
    }
    const std::uint32_t* find(const std::string& key) const {
        const auto found = numbers_.find(key);
        return found == numbers_.end() ? nullptr : &found->second;
    }
    const T& operator[](std::uint32_t number) const { return values_[number]; }
    std::size_t size() const { return values_.size(); }

private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::deque<T> values_;
};

} // namespace appointd::model
