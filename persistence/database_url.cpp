#include "persistence/database_url.hpp"

#include "foundation/encoding.hpp"

#include <array>
#include <utility>

namespace appointd::persistence {

namespace {

Error invalid(std::string why) { return {"database_url_invalid", "DATABASE_URL " + std::move(why)}; }

/// A dead network path shows as an error after these, not after the operating system's hours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> defaults{{{"connect_timeout", "5"},
                                                                                 {"keepalives", "1"},
                                                                                 {"keepalives_idle", "10"},
                                                                                 {"keepalives_interval", "5"},
                                                                                 {"keepalives_count", "3"},
                                                                                 {"tcp_user_timeout", "20000"},
                                                                                 {"fallback_application_name", "appointd"}}};

Result<DatabaseUrl> postgresql(std::string_view url, std::string_view rest) {
    DatabaseUrl parsed;
    parsed.dialect = Dialect::postgresql;
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto user = authority.substr(0, at);
        if (const auto colon = user.find(':'); colon != std::string_view::npos) {
            parsed.password = std::string(user.substr(colon + 1));
            const auto decoded = percent_decode(parsed.password);
            if (!decoded) return invalid("has a broken percent escape in its password");
            parsed.decoded_password = *decoded;
        }
    }
    const auto question = rest.find('?');
    const auto query = question == std::string_view::npos ? std::string_view{} : rest.substr(question + 1);
    parsed.target = std::string(url);
    char separator = question == std::string_view::npos ? '?' : (query.empty() ? '\0' : '&');
    std::string fields = "&"; // so that each field has one before it
    fields += query;
    if (const auto found = fields.find("&password="); found != std::string::npos) {
        const auto value = found + std::string_view("&password=").size();
        parsed.password = fields.substr(value, fields.find('&', value) - value);
        parsed.decoded_password = percent_decode(parsed.password).value_or(parsed.password);
    }
    for (const auto& [name, value] : defaults) {
        std::string named = "&";
        named.append(name).append("=");
        if (fields.find(named) != std::string::npos) continue;
        if (separator != '\0') parsed.target += separator;
        parsed.target += name;
        parsed.target += '=';
        parsed.target += value;
        separator = '&';
    }
    return parsed;
}

void blank(std::string& message, const std::string& secret) {
    if (secret.empty()) return;
    for (auto at = message.find(secret); at != std::string::npos; at = message.find(secret, at + 3))
        message.replace(at, secret.size(), "***");
}

} // namespace

std::string DatabaseUrl::redact(std::string message) const {
    blank(message, password);
    blank(message, decoded_password);
    return message;
}

Result<DatabaseUrl> parse_database_url(std::string_view url) {
    if (url.find('\0') != std::string_view::npos) return invalid("holds a NUL byte");
    for (const std::string_view scheme : {"postgresql://", "postgres://"})
        if (url.starts_with(scheme)) return postgresql(url, url.substr(scheme.size()));
    constexpr std::string_view sqlite = "sqlite:///";
    if (!url.starts_with(sqlite)) return invalid("must begin with sqlite:/// or postgresql://");
    const auto path = percent_decode(url.substr(sqlite.size()));
    if (!path || path->empty()) return invalid("names no file: write sqlite:///relative/path or sqlite:////absolute/path");
    // SOCI reads its connect string word by word, quoted with '"': a path with a quote cannot be told to it.
    if (path->find_first_of("\"\n\r") != std::string::npos || path->find('\0') != std::string::npos)
        return invalid("names a file with a quote or line break in its path");
    DatabaseUrl parsed;
    parsed.target = *path;
    return parsed;
}

} // namespace appointd::persistence
