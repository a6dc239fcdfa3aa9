#include "daemon/configuration.hpp"

#include "daemon/configuration_reader.hpp"
#include "daemon/configuration_table.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <unistd.h>

namespace appointd::daemon {

namespace {

constexpr std::string_view session_types_variable = "APPOINTD_SESSION_TYPES";
constexpr std::string_view endpoints_variable = "APPOINTD_WEBHOOK_ENDPOINTS";
constexpr std::string_view config_variable = "APPOINTD_CONFIG";

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string content(std::istreambuf_iterator<char>(file), {});
    if (file.bad()) return std::nullopt;
    return content;
}

/// A variable that is set to nothing counts as not set: compose files and systemd units write empty ones.
std::optional<std::string> variable(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    if (found == environment.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::optional<std::string> secret_from_file(const Setting& setting, const Environment& environment, Problems& problems) {
    const std::string name = std::string(setting.variable) + "_FILE";
    const auto path = variable(environment, name);
    if (!path) return std::nullopt;
    if (variable(environment, setting.variable)) {
        problems.add(name, "set either " + std::string(setting.variable) + " or " + name + ", not both");
        return std::nullopt;
    }
    auto content = read_file(*path);
    if (!content) {
        problems.add(name, "cannot read " + *path);
        return std::nullopt;
    }
    if (content->ends_with('\n')) content->pop_back();
    if (content->ends_with('\r')) content->pop_back();
    return content;
}

/// "sqlite:///appointd.db" and "postgresql://host/base" without user and password.
std::string shown_database(std::string_view url) {
    const auto scheme = url.find("://");
    const auto at = url.rfind('@');
    std::string shown(url.substr(0, url.find('?')));
    if (scheme != std::string_view::npos && at != std::string_view::npos && at > scheme) {
        shown = std::string(url.substr(0, scheme + 3)) + "…@" + std::string(url.substr(at + 1, url.find('?', at) - at - 1));
    }
    return shown;
}

std::string shown(const Setting& setting, const std::string& text) {
    if (setting.kind == Kind::database) return shown_database(text);
    if (is_secret(setting.kind)) return text.empty() ? "(not set)" : "(set)";
    return text.empty() ? "(not set)" : text;
}

bool within_bounds(const Setting& setting, const Value& value) {
    double measure = setting.least;
    if (const auto* duration = std::get_if<Duration>(&value)) measure = std::chrono::duration<double>(*duration).count();
    if (const auto* integer = std::get_if<std::int64_t>(&value)) measure = static_cast<double>(*integer);
    if (const auto* number = std::get_if<double>(&value)) measure = *number;
    return measure >= setting.least && measure <= setting.most;
}

std::string bound_text(const Setting& setting, double bound) {
    if (setting.kind == Kind::duration)
        return to_text(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(bound)));
    std::string text = std::to_string(bound);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

class Loader {
public:
    Loader(const toml::table& file, const Environment& environment) : file_(file), environment_(environment) {}

    Result<Configuration> load() {
        for (const Setting& setting : settings()) apply(setting);
        read_tables(session_types_variable, "session_type", read_session_types, configuration_.session_types);
        read_tables(endpoints_variable, "webhook_endpoint", read_webhook_endpoints, configuration_.webhook_endpoints);
        refuse_unknown(file_, "");
        warn_of_unknown_variables();
        if (problems_.empty()) check_together(configuration_, problems_);
        if (!problems_.empty()) return Error{"config_invalid", problems_.text()};
        return std::move(configuration_);
    }

private:
    void apply(const Setting& setting) {
        std::string path(setting.key), origin = "default";
        std::string text(setting.fallback);
        if (const toml::node* node = file_.at_path(setting.key).node()) {
            auto from_file = as_setting_text(*node, setting.kind, setting.key, problems_);
            if (!from_file) return;
            text = std::move(*from_file);
            origin = "file";
        }
        std::optional<std::string> given = variable(environment_, setting.variable);
        if (is_secret(setting.kind)) {
            if (auto content = secret_from_file(setting, environment_, problems_)) given = std::move(content);
        }
        if (given) {
            text = std::move(*given);
            origin = "environment";
            path += " (" + std::string(setting.variable) + ")";
        }
        configuration_.effective.push_back({std::string(setting.key), shown(setting, text), origin});
        if (text.empty() && setting.fallback.empty()) return;
        const auto value = parse_value(setting.kind, text);
        if (!value) return problems_.add(path, value.error().message);
        if (!within_bounds(setting, *value)) {
            const bool open = setting.most == std::numeric_limits<double>::max();
            return problems_.add(path, "must be at least " + bound_text(setting, setting.least) +
                                           (open ? "" : " and at most " + bound_text(setting, setting.most)) + ", not " + text);
        }
        setting.assign(configuration_, *value);
    }

    /// [[key]] tables: those of the variable, as TOML text, replace the file's.
    template <class T> void read_tables(std::string_view name, std::string_view key,
                                        std::vector<T> (*read)(const toml::node&, std::string_view, Problems&),
                                        std::vector<T>& into) {
        if (const auto text = variable(environment_, name)) {
            const auto parsed = parse_toml(*text, name);
            if (!parsed) return problems_.add(name, parsed.error().message);
            const toml::node* node = parsed->get(key);
            if (node == nullptr) return problems_.add(name, "expected [[" + std::string(key) + "]] tables as TOML text");
            into = read(*node, std::string(name) + " " + std::string(key), problems_);
            return;
        }
        if (const toml::node* node = file_.get(key)) into = read(*node, key, problems_);
    }

    /// Every leaf must be a setting, every table the beginning of one.
    void refuse_unknown(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const std::string path = prefix + std::string(key.str());
            if (path == "session_type" || path == "webhook_endpoint") continue;
            const bool leaf = std::ranges::any_of(settings(), [&](const Setting& setting) { return setting.key == path; });
            if (leaf) continue;
            const std::string inside = path + ".";
            const bool branch =
                std::ranges::any_of(settings(), [&](const Setting& setting) { return setting.key.starts_with(inside); });
            if (!branch)
                problems_.add(path, "unknown setting");
            else if (const toml::table* below = node.as_table())
                refuse_unknown(*below, inside);
            else
                problems_.add(path, "expected a table [" + path + "]");
        }
    }

    /// A misspelt APPOINTD_… would be overlooked in silence; it is no error, for the test runs and others use the prefix too.
    void warn_of_unknown_variables() {
        std::set<std::string, std::less<>> known = {std::string(session_types_variable), std::string(endpoints_variable),
                                                    std::string(config_variable)};
        for (const Setting& setting : settings()) {
            known.emplace(setting.variable);
            if (is_secret(setting.kind)) known.insert(std::string(setting.variable) + "_FILE");
        }
        for (const auto& [name, value] : environment_) {
            const bool ours =
                name.starts_with("APPOINTD_") && !name.starts_with("APPOINTD_TEST_") && !name.starts_with("APPOINTD_UPDATE_");
            if (ours && !known.contains(name))
                configuration_.warnings.push_back(name + " in the environment is no setting and does nothing");
        }
    }

    const toml::table& file_;
    const Environment& environment_;
    Configuration configuration_;
    Problems problems_;
};

} // namespace

Environment process_environment() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

Result<Configuration> parse_configuration(std::string_view text, std::string_view file, const Environment& environment) {
    const auto parsed = parse_toml(text, file);
    if (!parsed) return parsed.error();
    return Loader(*parsed, environment).load();
}

Result<Configuration> load_configuration(const std::optional<std::filesystem::path>& path, const Environment& environment) {
    std::optional<std::filesystem::path> file = path;
    if (const auto named = variable(environment, config_variable); !file && named) file = *named;
    if (!file) return parse_configuration("", "(no file)", environment);
    const auto text = read_file(*file);
    if (!text) return Error{"config_invalid", file->string() + ": cannot read this file"};
    return parse_configuration(*text, file->string(), environment);
}

} // namespace appointd::daemon
