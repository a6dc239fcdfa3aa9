#include "daemon/configuration_table.hpp"

#include <algorithm>

namespace appointd::daemon {

namespace {

std::string padded(std::string_view text, std::size_t width) {
    std::string result(text);
    if (result.size() < width) result.append(width - result.size(), ' ');
    return result;
}

std::string_view kind_word(Kind kind) {
    switch (kind) {
    case Kind::text: return "text";
    case Kind::secret: return "secret";
    case Kind::secrets: return "secrets, comma-separated";
    case Kind::database: return "database URL (secret)";
    case Kind::url: return "URL";
    case Kind::address: return "address";
    case Kind::duration: return "duration";
    case Kind::bytes: return "size";
    case Kind::integer: return "integer";
    case Kind::number: return "number";
    case Kind::boolean: return "boolean";
    case Kind::level: return "debug, info, warn, error";
    }
    return "";
}

std::string as_code(std::string_view text) { return text.empty() ? "" : "`" + std::string(text) + "`"; }

std::string fields_page(std::span<const SessionField> rows) {
    std::string page = "| key | type | default | meaning |\n|---|---|---|---|\n";
    for (const SessionField& row : rows) {
        page += "| " + as_code(row.key) + " | " + std::string(row.type) + " | " + std::string(row.fallback) + " | " +
                std::string(row.help) + " |\n";
    }
    return page;
}

std::string fields_help(std::span<const SessionField> rows) {
    std::string help;
    for (const SessionField& field : rows) {
        help += "  " + padded(field.key, 35) + padded(field.type, 40) + std::string(field.fallback) + "\n" + std::string(8, ' ') +
                std::string(field.help) + "\n";
    }
    return help;
}

} // namespace

std::string settings_help() {
    std::string help = "Settings: a TOML file (--config or APPOINTD_CONFIG), each overridable by its environment variable.\n"
                       "A secret can also come from the file that VARIABLE_FILE names. * = secret.\n\n";
    for (const Setting& setting : settings()) {
        help += "  " + padded(setting.key, 33) + (is_secret(setting.kind) ? "* " : "  ") + padded(setting.variable, 40) +
                std::string(setting.fallback) + "\n" + std::string(8, ' ') + std::string(setting.help) + "\n";
    }
    help += "\n  [[session_type]] (APPOINTD_SESSION_TYPES: the same tables as TOML text)\n" + fields_help(session_fields());
    help +=
        "\n  [[webhook_endpoint]] (APPOINTD_WEBHOOK_ENDPOINTS: the same tables as TOML text)\n" + fields_help(endpoint_fields());
    return help;
}

std::string settings_page() {
    std::string page = "| key | environment | type | default | meaning |\n|---|---|---|---|---|\n";
    for (const Setting& setting : settings()) {
        page += "| " + as_code(setting.key) + " | " + as_code(setting.variable) + " | " + std::string(kind_word(setting.kind)) +
                " | " + as_code(setting.fallback) + " | " + std::string(setting.help) + " |\n";
    }
    page += "\nFields of `[[session_type]]` (a list of tables; `APPOINTD_SESSION_TYPES` holds the same tables as TOML text and "
            "replaces the file's):\n\n" +
            fields_page(session_fields()) + "\nKeys of `[session_type.zoom]`, passed to Zoom as the meeting's settings:\n\n" +
            fields_page(zoom_fields()) +
            "\nFields of `[[webhook_endpoint]]` (a list of at most 4 tables; `APPOINTD_WEBHOOK_ENDPOINTS` holds the same tables "
            "as TOML text "
            "and replaces the file's):\n\n" +
            fields_page(endpoint_fields());
    return page;
}

std::string describe(const Configuration& configuration) {
    std::size_t width = 0;
    for (const Effective& row : configuration.effective) width = std::max(width, row.value.size());
    std::string text;
    for (const Effective& row : configuration.effective)
        text += padded(row.key, 34) + padded(row.value, width + 2) + row.origin + "\n";
    for (const SessionType& type : configuration.session_types) {
        text += "session_type " + type.id + ": " + canonical(terms_of(type, configuration)) + "\n";
    }
    for (const WebhookEndpoint& endpoint : configuration.webhook_endpoints) {
        text += "webhook_endpoint " + endpoint.name + ": " + endpoint.url + ", " + std::to_string(endpoint.secrets.size()) +
                " secret(s), " +
                (endpoint.events.empty() ? "all events" : std::to_string(endpoint.events.size()) + " event type(s)") + "\n";
    }
    for (const std::string& warning : configuration.warnings) text += "warning: " + warning + "\n";
    return text;
}

json::object describe_json(const Configuration& configuration) {
    json::object settings_in_force;
    for (const Effective& row : configuration.effective)
        settings_in_force[row.key] = {{"value", row.value}, {"origin", row.origin}};
    json::array types, endpoints, warnings;
    for (const WebhookEndpoint& endpoint : configuration.webhook_endpoints) {
        json::array events;
        for (const std::string& type : endpoint.events) events.emplace_back(type);
        endpoints.push_back({{"name", endpoint.name},
                             {"url", endpoint.url},
                             {"secrets", endpoint.secrets.size()},
                             {"events", std::move(events)}});
    }
    for (const SessionType& type : configuration.session_types) {
        types.push_back(terms_of(type, configuration));
    }
    for (const std::string& warning : configuration.warnings) warnings.push_back(json::string(warning));
    return {{"settings", std::move(settings_in_force)},
            {"session_types", std::move(types)},
            {"webhook_endpoints", std::move(endpoints)},
            {"warnings", std::move(warnings)}};
}

} // namespace appointd::daemon
