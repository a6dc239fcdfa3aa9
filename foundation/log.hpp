#pragma once

#include <boost/json/value.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace appointd {

enum class Level { debug, info, warn, error };

/// Structured log: one JSON object a line on standard error, fields ts level msg and what is given.
/// A fixed message, facts in fields; no secrets, no personal data. Cheap to copy; safe from any thread.
class Log {
public:
    /// A fact: {"name", value}, where the value is text of any kind or whatever JSON can hold.
    struct Field {
        template <class T> Field(std::string_view its_name, T&& its_value)
            : name(its_name), value(to_json(std::forward<T>(its_value))) {}
        std::string_view name;
        boost::json::value value;

    private:
        template <class T> static boost::json::value to_json(T&& value) {
            if constexpr (std::is_convertible_v<T, std::string_view>) {
                const std::string_view text = value;
                return boost::json::value(boost::json::string_view(text.data(), text.size()));
            } else {
                return boost::json::value(std::forward<T>(value));
            }
        }
    };
    using Fields = std::initializer_list<Field>;

    /// Drops everything: what tests and tools use that want no log.
    Log();
    static Log to_stderr(Level least);
    /// A child whose lines carry these fields too.
    Log with(Fields fields) const;

    /// Whether a line of this level would be written: ask before gathering facts on a hot path.
    bool writes(Level level) const;

    void debug(std::string_view message, Fields fields = {}) const;
    void info(std::string_view message, Fields fields = {}) const;
    void warn(std::string_view message, Fields fields = {}) const;
    void error(std::string_view message, Fields fields = {}) const;

private:
    struct Sink;
    void write(Level level, std::string_view message, Fields fields) const;
    std::shared_ptr<Sink> sink_;
    std::string prefix_; // the carried fields, serialised, each followed by a comma
};

} // namespace appointd
