#pragma once

#include <boost/json/value.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace appointd {

enum class Level { debug, info, warn, error };

/// Structured log: one JSON object a line on standard error, fields ts level msg and what is given.
/// A fixed message, facts in fields; no secrets, no personal data. Cheap to copy; safe from any thread.
class Log {
public:
    using Fields = std::initializer_list<std::pair<std::string_view, boost::json::value>>;

    /// Drops everything: what tests and tools use that want no log.
    Log();
    static Log to_stderr(Level least);
    /// A child whose lines carry these fields too.
    Log with(Fields fields) const;

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
