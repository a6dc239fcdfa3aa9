#pragma once

#include "metrics/families.hpp"

#include <prometheus/family.h>
#include <prometheus/histogram.h>

#include <functional>
#include <initializer_list>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace appointd::metrics {

/// The children of one family by their label values. A hit costs a shared lock and a hash; a family never grows beyond its
/// declared number of series. Safe from any thread; children live as long as the family.
template <class Metric> class Labelled {
public:
    Labelled(prometheus::Family<Metric>& family, const Declaration& declaration) : family_(family), declaration_(declaration) {}

    /// One value a declared label, in the table's order.
    Metric& at(std::initializer_list<std::string_view> values) {
        std::string key;
        key.reserve(96);
        for (const std::string_view value : values) key.append(value).push_back('\x1f');
        {
            const std::shared_lock lock(mutex_);
            if (const auto found = children_.find(key); found != children_.end()) return *found->second;
        }
        const std::unique_lock lock(mutex_);
        if (const auto found = children_.find(key); found != children_.end()) return *found->second;
        if (children_.size() >= declaration_.series) return overflow();
        Metric& child = add(values);
        children_.emplace(std::move(key), &child);
        return child;
    }

    template <class F> void for_each(F visit) {
        const std::shared_lock lock(mutex_);
        for (const auto& [key, child] : children_) visit(*child);
    }

private:
    Metric& add(std::initializer_list<std::string_view> values) {
        prometheus::Labels labels;
        std::size_t place = 0;
        for (const std::string_view value : values) labels.emplace(declaration_.labels.at(place++), value);
        return make(labels);
    }

    Metric& overflow() {
        prometheus::Labels labels;
        for (std::size_t i = 0; i < declaration_.label_count(); ++i) labels.emplace(declaration_.labels[i], "other");
        return make(labels);
    }

    Metric& make(const prometheus::Labels& labels) {
        if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
            return family_.Add(labels,
                               prometheus::Histogram::BucketBoundaries(declaration_.buckets.begin(), declaration_.buckets.end()));
        } else {
            return family_.Add(labels);
        }
    }

    prometheus::Family<Metric>& family_;
    const Declaration& declaration_;
    std::shared_mutex mutex_;
    std::unordered_map<std::string, Metric*> children_;
};

} // namespace appointd::metrics
