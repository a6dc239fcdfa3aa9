#include "foundation/log.hpp"

#include "foundation/time.hpp"

#include <boost/json/serialize.hpp>

#include <cerrno>
#include <chrono>
#include <mutex>
#include <unistd.h>

namespace appointd {

struct Log::Sink {
    explicit Sink(Level at_least) : least(at_least) {}
    const Level least;
    std::mutex mutex;

    /// Whole lines only; a log that cannot be written must not stop the daemon.
    void write_line(std::string_view line) {
        const std::lock_guard lock(mutex);
        while (!line.empty()) {
            const auto written = ::write(STDERR_FILENO, line.data(), line.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return;
            line.remove_prefix(static_cast<std::size_t>(written));
        }
    }
};

namespace {

std::string_view name_of(Level level) {
    switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
    }
    return "error";
}

void append_text(std::string& out, std::string_view text) { out += boost::json::serialize(boost::json::string_view(text)); }

void append_fields(std::string& out, Log::Fields fields) {
    for (const auto& [name, value] : fields) {
        append_text(out, name);
        out += ':';
        out += boost::json::serialize(value);
        out += ',';
    }
}

} // namespace

Log::Log() = default;

bool Log::writes(Level level) const { return sink_ && level >= sink_->least; }

Log Log::to_stderr(Level least) {
    Log log;
    log.sink_ = std::make_shared<Sink>(least);
    return log;
}

Log Log::with(Fields fields) const {
    Log child = *this;
    if (sink_) append_fields(child.prefix_, fields);
    return child;
}

void Log::debug(std::string_view message, Fields fields) const { write(Level::debug, message, fields); }
void Log::info(std::string_view message, Fields fields) const { write(Level::info, message, fields); }
void Log::warn(std::string_view message, Fields fields) const { write(Level::warn, message, fields); }
void Log::error(std::string_view message, Fields fields) const { write(Level::error, message, fields); }

void Log::write(Level level, std::string_view message, Fields fields) const {
    if (!sink_ || level < sink_->least) return;
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    std::string line = R"({"ts":")";
    line += to_iso(now);
    line += R"(","level":")";
    line += name_of(level);
    line += R"(","msg":)";
    append_text(line, message);
    line += ',';
    line += prefix_;
    append_fields(line, fields);
    line.back() = '}'; // the last comma
    line += '\n';
    sink_->write_line(line);
}

} // namespace appointd
