#pragma once

#include "daemon/configuration_reader.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

namespace appointd::daemon {

using Choices = std::initializer_list<std::string_view>;

/// Reads the fields of one table; each reader names the field, so that what nobody read is unknown.
class Fields {
public:
    Fields(const toml::table& table, std::string path, Problems& problems)
        : table_(table), path_(std::move(path)), problems_(problems) {}

    std::string at(std::string_view key) const { return path_ + "." + std::string(key); }
    const toml::node* node(std::string_view key) { return read_.emplace(key), table_.get(key); }

    bool has(std::string_view key) const { return table_.contains(key); }
    void require(std::string_view key) {
        if (!has(key)) problems_.add(at(key), "is required");
    }
    void text(std::string_view key, std::string& into) { value<std::string>(key, into, "text"); }
    void boolean(std::string_view key, bool& into) { value<bool>(key, into, "true or false"); }
    void integer(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most) {
        std::int64_t given = into;
        value<std::int64_t>(key, given, "a whole number");
        if (given < least || given > most) {
            return problems_.add(at(key), "must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
                                              std::to_string(given));
        }
        into = given;
    }
    void choice(std::string_view key, std::string& into, Choices choices) {
        std::string given = into;
        text(key, given);
        if (std::ranges::find(choices, given) != choices.end()) {
            into = given;
            return;
        }
        std::string list;
        for (const std::string_view one : choices) list.append(list.empty() ? "" : ", ").append(one);
        problems_.add(at(key), "expected one of " + list + ", not \"" + given + "\"");
    }
    void duration(std::string_view key, Duration& into, Duration least = Duration{1}) {
        const toml::node* given = node(key);
        if (given == nullptr) return;
        const auto read = duration_of(*given, at(key));
        if (read && *read < least)
            problems_.add(at(key), "must be at least " + to_text(least));
        else if (read)
            into = *read;
    }
    std::optional<Duration> duration_of(const toml::node& given, const std::string& path) {
        const auto content = as_setting_text(given, Kind::duration, path, problems_);
        if (!content) return std::nullopt;
        const auto read = parse_duration(*content);
        if (!read) problems_.add(path, "expected " + std::string(expectation(Kind::duration)) + ", not \"" + *content + "\"");
        return read;
    }
    void refuse_others() {
        for (const auto& [key, unused] : table_) {
            if (!read_.contains(key.str())) problems_.add(at(key.str()), "unknown setting");
        }
    }
    Problems& problems() { return problems_; }

private:
    template <class T> void value(std::string_view key, T& into, std::string_view expected) {
        const toml::node* given = node(key);
        if (given == nullptr) return;
        if (const auto read = given->value_exact<T>())
            into = *read;
        else
            problems_.add(at(key), "expected " + std::string(expected));
    }

    const toml::table& table_;
    std::string path_;
    Problems& problems_;
    std::set<std::string, std::less<>> read_;
};

/// 1 to 64 letters, digits, - or _.
inline bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string_view::npos;
}

} // namespace appointd::daemon
