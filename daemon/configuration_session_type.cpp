#include "daemon/configuration_session_type.hpp"

#include "daemon/configuration_fields.hpp"
#include "daemon/configuration_table.hpp"

#include <algorithm>
#include <set>

namespace appointd::daemon {

namespace {

void read_currency(Fields& fields, std::string& into) {
    std::string given = into;
    fields.text("currency", given);
    std::ranges::transform(given, given.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool letters = given.size() == 3 && std::ranges::all_of(given, [](char c) { return c >= 'a' && c <= 'z'; });
    if (letters)
        into = given;
    else
        fields.problems().add(fields.at("currency"), "expected an ISO 4217 code of three letters like \"usd\"");
}

void read_refund(Fields& fields, std::vector<RefundTier>& into) {
    const toml::node* given = fields.node("refund");
    if (given == nullptr) return;
    const toml::array* tiers = given->as_array();
    if (tiers == nullptr)
        return fields.problems().add(fields.at("refund"), "expected an array like [ { notice = \"24h\", percent = 100 } ]");
    std::size_t place = 0;
    for (const toml::node& node : *tiers) {
        const std::string path = fields.at("refund") + "[" + std::to_string(place++) + "]";
        const toml::table* table = node.as_table();
        if (table == nullptr) {
            fields.problems().add(path, "expected { notice = \"24h\", percent = 100 }");
            continue;
        }
        Fields tier(*table, path, fields.problems());
        RefundTier read;
        std::int64_t percent = 0;
        tier.require("notice");
        tier.require("percent");
        tier.duration("notice", read.notice, Duration{0});
        tier.integer("percent", percent, 0, 100);
        tier.refuse_others();
        read.percent = static_cast<int>(percent);
        const bool twice = std::ranges::any_of(into, [&](const RefundTier& other) { return other.notice == read.notice; });
        if (twice) fields.problems().add(path + ".notice", "is given twice");
        into.push_back(read);
    }
    std::ranges::sort(into, std::greater{}, &RefundTier::notice);
}

void read_reminders(Fields& fields, std::vector<Duration>& into) {
    const toml::node* given = fields.node("reminders");
    if (given == nullptr) return;
    const toml::array* list = given->as_array();
    if (list == nullptr)
        return fields.problems().add(fields.at("reminders"), "expected an array of durations like [\"24h\", \"1h\"]");
    // A booking has 16 timers at most, and others than reminders among them.
    constexpr std::size_t most = 8;
    if (list->size() > most) return fields.problems().add(fields.at("reminders"), "at most 8 reminders");
    std::size_t place = 0;
    for (const toml::node& node : *list) {
        const auto read = fields.duration_of(node, fields.at("reminders") + "[" + std::to_string(place++) + "]");
        if (read) into.push_back(*read);
    }
    std::ranges::sort(into, std::greater{});
}

void read_zoom(Fields& fields, json::object& into) {
    const toml::node* given = fields.node("zoom");
    if (given == nullptr) return;
    const toml::table* table = given->as_table();
    if (table == nullptr) return fields.problems().add(fields.at("zoom"), "expected a table [session_type.zoom]");
    Fields zoom(*table, fields.at("zoom"), fields.problems());
    for (const SessionField& field : zoom_fields()) {
        if (!zoom.has(field.key)) continue;
        bool flag = false;
        std::int64_t number = 0;
        std::string words;
        if (field.type == "boolean")
            zoom.boolean(field.key, flag), into[field.key] = flag;
        else if (field.type == "integer")
            zoom.integer(field.key, number, 0, 1000), into[field.key] = number;
        else
            zoom.text(field.key, words), into[field.key] = words;
    }
    zoom.refuse_others();
}

SessionType read_session_type(Fields& fields) {
    SessionType type;
    for (const auto* key : {"id", "calendly_event_type", "price"}) fields.require(key);
    fields.text("id", type.id);
    if (fields.has("id") && !is_name(type.id)) fields.problems().add(fields.at("id"), "expected 1 to 64 letters, digits, - or _");
    type.name = type.id;
    fields.text("name", type.name);
    fields.text("calendly_event_type", type.calendly_event_type);
    if (fields.has("calendly_event_type") && !is_url(type.calendly_event_type)) {
        fields.problems().add(fields.at("calendly_event_type"),
                              "expected Calendly's URI like https://api.calendly.com/event_types/…");
    }
    fields.integer("price", type.price, 0, 99'999'999); // Stripe's greatest amount
    read_currency(fields, type.currency);
    fields.duration("duration", type.duration);
    fields.duration("payment_window", type.payment_window);
    read_refund(fields, type.refund);
    fields.choice("place", type.place, {"zoom", "calendly", "none"});
    fields.choice("late_money", type.late_money, {"refund", "revive"});
    read_reminders(fields, type.reminders);
    fields.choice("completion", type.completion, {"meeting", "clock"});
    fields.choice("no_show", type.no_show, {"keep", "refund"});
    std::int64_t reschedules = type.max_reschedules;
    fields.integer("max_reschedules", reschedules, 0, 1000);
    type.max_reschedules = static_cast<int>(reschedules);
    fields.boolean("receipts", type.receipts);
    fields.boolean("automatic_tax", type.automatic_tax);
    fields.boolean("allow_promotion_codes", type.allow_promotion_codes);
    read_zoom(fields, type.zoom);
    fields.refuse_others();
    return type;
}

/// Rounded up: a wait of less than a second is not none.
std::int64_t seconds(Duration duration) { return std::chrono::ceil<std::chrono::seconds>(duration).count(); }

} // namespace

std::vector<SessionType> read_session_types(const toml::node& node, std::string_view path, Problems& problems) {
    std::vector<SessionType> types;
    const toml::array* list = node.as_array();
    if (list == nullptr) {
        problems.add(path, "expected [[session_type]] tables");
        return types;
    }
    std::set<std::string> ids, event_types;
    std::size_t place = 0;
    for (const toml::node& item : *list) {
        const std::string where = std::string(path) + "[" + std::to_string(place++) + "]";
        const toml::table* table = item.as_table();
        if (table == nullptr) {
            problems.add(where, "expected a table");
            continue;
        }
        Fields fields(*table, where, problems);
        types.push_back(read_session_type(fields));
        const SessionType& type = types.back();
        if (!type.id.empty() && !ids.insert(type.id).second) problems.add(where + ".id", "\"" + type.id + "\" is given twice");
        if (!type.calendly_event_type.empty() && !event_types.insert(type.calendly_event_type).second) {
            problems.add(where + ".calendly_event_type", "another session type has the same event type");
        }
    }
    return types;
}

json::object terms_of(const SessionType& type, const Configuration& configuration) {
    const BookingTimes& times = configuration.booking;
    json::array refund, reminders;
    for (const RefundTier& tier : type.refund)
        refund.push_back({{"notice_seconds", seconds(tier.notice)}, {"percent", tier.percent}});
    for (const Duration reminder : type.reminders) reminders.push_back(seconds(reminder));
    json::object terms{{"session_type", type.id},
                       {"name", type.name},
                       {"price", type.price},
                       {"currency", type.currency},
                       {"duration_seconds", seconds(type.duration)},
                       {"payment_window_seconds", seconds(type.payment_window)},
                       {"refund", std::move(refund)},
                       {"late_money", type.late_money},
                       {"completion", type.completion},
                       {"completion_grace_seconds", seconds(times.completion_grace)},
                       {"slot_timeout_seconds", seconds(times.slot_timeout)},
                       {"reschedule_timeout_seconds", seconds(times.reschedule_timeout)},
                       {"reconcile_after_seconds", seconds(times.reconcile_after)},
                       {"no_show", type.no_show},
                       {"place", type.place},
                       {"max_reschedules", type.max_reschedules},
                       {"reminders_seconds", std::move(reminders)},
                       {"event_type", type.calendly_event_type},
                       {"public_url", configuration.http.public_url},
                       {"receipts", type.receipts},
                       {"automatic_tax", type.automatic_tax},
                       {"allow_promotion_codes", type.allow_promotion_codes},
                       {"zoom_settings", type.zoom}};
    add_listeners(terms, configuration.mail, configuration.webhook_endpoints);
    return terms;
}

} // namespace appointd::daemon
