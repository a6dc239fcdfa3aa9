#include "daemon/configuration_session_type.hpp"

#include "daemon/configuration_reader.hpp"
#include "daemon/configuration_table.hpp"

#include <algorithm>
#include <set>

namespace appointd::daemon {

namespace {

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

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string_view::npos;
}

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

json::object terms_of(const SessionType& type, const BookingTimes& times, const std::string& public_url) {
    json::array refund, reminders;
    for (const RefundTier& tier : type.refund)
        refund.push_back({{"notice_seconds", seconds(tier.notice)}, {"percent", tier.percent}});
    for (const Duration reminder : type.reminders) reminders.push_back(seconds(reminder));
    return {{"session_type", type.id},
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
            {"public_url", public_url},
            {"receipts", type.receipts},
            {"automatic_tax", type.automatic_tax},
            {"allow_promotion_codes", type.allow_promotion_codes},
            {"zoom_settings", type.zoom}};
}

} // namespace appointd::daemon
