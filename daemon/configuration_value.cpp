#include "daemon/configuration_value.hpp"

#include "net/loopback.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace appointd::daemon {

namespace {

template <class Number> std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::int64_t bytes;
    };
    constexpr std::array units = {Unit{"KiB", 1 << 10},  Unit{"MiB", 1 << 20},      Unit{"GiB", 1 << 30}, Unit{"kB", 1'000},
                                  Unit{"MB", 1'000'000}, Unit{"GB", 1'000'000'000}, Unit{"B", 1}};
    std::int64_t scale = 1;
    for (const Unit& unit : units) {
        if (!text.ends_with(unit.name)) continue;
        scale = unit.bytes;
        text.remove_suffix(unit.name.size());
        break;
    }
    const auto value = parse_number<std::int64_t>(text);
    if (!value || *value < 0 || *value > std::numeric_limits<std::int64_t>::max() / scale) return std::nullopt;
    return *value * scale;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        std::string_view part = text.substr(0, comma);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

bool is_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (!bracketed && host.find(':') != std::string_view::npos) return false;
    const auto port = parse_number<int>(text.substr(colon + 1));
    return port && *port >= 0 && *port <= 65'535;
}

bool is_database(std::string_view text) {
    return (text.starts_with("sqlite:///") && text.size() > 10) || text.starts_with("postgresql://") ||
           text.starts_with("postgres://");
}

std::string without_slash(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return std::string(url);
}

std::optional<Value> read(Kind kind, std::string_view text) {
    switch (kind) {
    case Kind::text:
    case Kind::secret: return std::string(text);
    case Kind::secrets: return split(text);
    case Kind::database: return is_database(text) ? std::optional<Value>(std::string(text)) : std::nullopt;
    case Kind::url: return is_url(text) ? std::optional<Value>(without_slash(text)) : std::nullopt;
    case Kind::address: return is_address(text) ? std::optional<Value>(std::string(text)) : std::nullopt;
    case Kind::duration: return parse_duration(text);
    case Kind::bytes: return parse_bytes(text);
    case Kind::integer: return parse_number<std::int64_t>(text);
    case Kind::number: {
        const auto value = parse_number<double>(text);
        return value && std::isfinite(*value) ? std::optional<Value>(*value) : std::nullopt;
    }
    case Kind::boolean:
        if (text == "true" || text == "false") return text == "true";
        return std::nullopt;
    case Kind::level: {
        constexpr std::array<std::string_view, 4> levels = {"debug", "info", "warn", "error"};
        return std::ranges::find(levels, text) != levels.end() ? std::optional<Value>(std::string(text)) : std::nullopt;
    }
    }
    return std::nullopt;
}

} // namespace

Result<Value> parse_value(Kind kind, std::string_view text) {
    if (auto value = read(kind, text)) return *std::move(value);
    std::string message = "expected " + std::string(expectation(kind));
    if (!is_secret(kind)) message += ", not \"" + std::string(text) + "\"";
    return Error{"config_invalid", std::move(message)};
}

std::string_view expectation(Kind kind) {
    switch (kind) {
    case Kind::text:
    case Kind::secret: return "text";
    case Kind::secrets: return "text, comma-separated, or an array of texts";
    case Kind::database: return "sqlite:///relative/path, sqlite:////absolute/path or postgresql://…";
    case Kind::url: return "a URL that begins with http:// or https://";
    case Kind::address: return "an address and port like 127.0.0.1:8080";
    case Kind::duration: return "a duration like \"500ms\", \"30s\", \"5m\", \"24h\" or \"2d\"";
    case Kind::bytes: return "a size like \"512KiB\" or \"1MiB\"";
    case Kind::integer: return "a whole number";
    case Kind::number: return "a number";
    case Kind::boolean: return "true or false";
    case Kind::level: return "one of debug, info, warn, error";
    }
    return "a value";
}

bool is_secret(Kind kind) { return kind == Kind::secret || kind == Kind::secrets || kind == Kind::database; }

bool is_url(std::string_view text) {
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://")) return false;
    const std::string_view rest = text.substr(secure ? 8 : 7);
    return !rest.empty() && rest.front() != '/' && rest.find_first_of(" \t\r\n\"<>") == std::string_view::npos;
}

bool is_loopback(std::string_view address) { return net::is_loopback_host(address.substr(0, address.rfind(':'))); }

} // namespace appointd::daemon
