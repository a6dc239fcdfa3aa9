#include "daemon/configuration_notify.hpp"

#include "adapters/notify/webhook_signature.hpp"
#include "daemon/configuration_fields.hpp"
#include "daemon/configuration_mail.hpp"
#include "net/loopback.hpp"
#include "workflows/booking/kind.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>

namespace appointd::daemon {

namespace {

constexpr std::size_t most_endpoints = 4; // a transition has eight activities, and calls of providers among them
constexpr std::size_t most_secrets = 5;

void add_secret(Fields& fields, const std::string& path, std::string_view text, std::vector<Secret>& into) {
    auto key = adapters::notify::parse_webhook_secret(text);
    if (!key) return fields.problems().add(path, key.error().message);
    into.emplace_back(std::move(*key));
}

void read_secrets(Fields& fields, std::vector<Secret>& into) {
    if (const toml::node* given = fields.node("secrets")) {
        const auto text = as_setting_text(*given, Kind::secrets, fields.at("secrets"), fields.problems());
        const auto list = text ? parse_value(Kind::secrets, *text) : Result<Value>(Error{});
        if (list)
            for (const std::string& secret : std::get<std::vector<std::string>>(*list))
                add_secret(fields, fields.at("secrets"), secret, into);
    }
    std::string path;
    fields.text("secrets_file", path);
    if (!path.empty()) {
        std::ifstream file(path);
        if (!file) return fields.problems().add(fields.at("secrets_file"), "cannot read " + path);
        for (std::string line; std::getline(file, line);)
            if (!line.empty()) add_secret(fields, fields.at("secrets_file"), line, into);
    }
    if (into.empty() && fields.problems().empty())
        fields.problems().add(fields.at("secrets"), "at least one is required (or secrets_file, a line each)");
    if (into.size() > most_secrets)
        fields.problems().add(fields.at("secrets"), "at most 5: the newest, and those being rotated out");
}

void read_events(Fields& fields, std::vector<std::string>& into) {
    const toml::node* given = fields.node("events");
    if (!given) return;
    const toml::array* list = given->as_array();
    if (!list) return fields.problems().add(fields.at("events"), "expected an array like [\"booking.confirmed\"]");
    for (const toml::node& item : *list) {
        const auto type = item.value_exact<std::string>();
        if (!type || std::ranges::find(webhook_types(), *type) == webhook_types().end())
            fields.problems().add(fields.at("events"),
                                  "there is no event " + type.value_or("like this") + "; docs/webhooks.md has the list");
        else
            into.push_back(*type);
    }
}

WebhookEndpoint read_endpoint(Fields& fields) {
    WebhookEndpoint endpoint;
    for (const auto* key : {"name", "url"}) fields.require(key);
    fields.text("name", endpoint.name);
    if (fields.has("name") && !is_name(endpoint.name))
        fields.problems().add(fields.at("name"), "expected 1 to 64 letters, digits, - or _");
    fields.text("url", endpoint.url);
    const bool safe = endpoint.url.starts_with("https://") || net::is_loopback_url(endpoint.url);
    if (fields.has("url") && !is_url(endpoint.url))
        fields.problems().add(fields.at("url"), "expected a URL like https://example.org/hooks");
    else if (fields.has("url") && !safe)
        fields.problems().add(fields.at("url"),
                              "must begin with https:// (http only on this machine): bookings are personal data");
    read_secrets(fields, endpoint.secrets);
    read_events(fields, endpoint.events);
    fields.refuse_others();
    return endpoint;
}

} // namespace

const std::vector<std::string>& webhook_types() {
    static const std::vector<std::string> types = [] {
        std::vector<std::string> all;
        for (const std::string_view state : std::span(booking::Booking::states).subspan(1)) {
            std::string type = "booking.";
            for (const char c : state) type += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            all.push_back(std::move(type));
        }
        all.insert(all.end(), {"booking.rescheduled", "attention.raised", "attention.resolved"});
        return all;
    }();
    return types;
}

std::vector<WebhookEndpoint> read_webhook_endpoints(const toml::node& node, std::string_view path, Problems& problems) {
    std::vector<WebhookEndpoint> endpoints;
    const toml::array* list = node.as_array();
    if (!list) {
        problems.add(path, "expected [[webhook_endpoint]] tables");
        return endpoints;
    }
    if (list->size() > most_endpoints) problems.add(path, "at most 4 endpoints; a program of yours may pass events on to more");
    std::set<std::string> names;
    std::size_t place = 0;
    for (const toml::node& item : *list) {
        const std::string where = std::string(path) + "[" + std::to_string(place++) + "]";
        const toml::table* table = item.as_table();
        if (!table) {
            problems.add(where, "expected a table");
            continue;
        }
        Fields fields(*table, where, problems);
        endpoints.push_back(read_endpoint(fields));
        const std::string& name = endpoints.back().name;
        if (!name.empty() && !names.insert(name).second) problems.add(where + ".name", "\"" + name + "\" is given twice");
    }
    return endpoints;
}

void add_listeners(json::object& terms, const MailSettings& mail, const std::vector<WebhookEndpoint>& endpoints) {
    if (mail.can_send()) terms["mail"] = true;
    if (mail.can_send() && !mail.operator_address.empty()) terms["mail_operator"] = true;
    if (endpoints.empty()) return;
    json::array& list = terms["webhook_endpoints"].emplace_array();
    for (const WebhookEndpoint& endpoint : endpoints) {
        json::array events;
        for (const std::string& type : endpoint.events) events.emplace_back(type);
        list.push_back({{"name", endpoint.name}, {"events", std::move(events)}});
    }
}

adapters::notify::Config notify_config(const Configuration& from) {
    adapters::notify::Config config;
    if (from.mail.can_send())
        config.mail = adapters::notify::MailConfig{.relay = relay_of(from.mail, from.engine),
                                                   .from = adapters::notify::parse_mailbox(from.mail.from).value(),
                                                   .operator_address = from.mail.operator_address,
                                                   .templates = from.mail.loaded};
    for (const WebhookEndpoint& endpoint : from.webhook_endpoints) {
        adapters::notify::Endpoint known{endpoint.name, endpoint.url, {}};
        for (const Secret& secret : endpoint.secrets) known.keys.push_back(secret.reveal());
        config.endpoints.push_back(std::move(known));
    }
    // Days instead of minutes: whoever listens may be away over a weekend. Ten times the providers' pace, 5 s by default.
    config.first_pause = std::chrono::duration_cast<std::chrono::milliseconds>(from.engine.retry.base * 10);
    return config;
}

} // namespace appointd::daemon
