#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace appointd::sandbox {

/// Rows in the order they were made, found by their `id`. References stay valid; rows are never removed, they change status.
template <class Row> class Table {
public:
    Row& add(Row row) {
        index_.emplace(row.id, rows_.size());
        return rows_.emplace_back(std::move(row));
    }
    Row* find(std::string_view id) {
        const auto place = index_.find(std::string(id));
        return place == index_.end() ? nullptr : &rows_[place->second];
    }
    const Row* find(std::string_view id) const { return const_cast<Table*>(this)->find(id); }
    auto begin() { return rows_.begin(); }
    auto end() { return rows_.end(); }
    auto begin() const { return rows_.begin(); }
    auto end() const { return rows_.end(); }
    auto rbegin() const { return rows_.rbegin(); }
    auto rend() const { return rows_.rend(); }
    std::size_t size() const { return rows_.size(); }

private:
    std::deque<Row> rows_;
    std::unordered_map<std::string, std::size_t> index_;
};

} // namespace appointd::sandbox
