#include "daemon/reconcile_command.hpp"

#include "daemon/admin_client.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <vector>

namespace appointd::daemon {

namespace {

constexpr std::string_view path = "/admin/v1/reconcile";
constexpr int most_pages = 500; // of one account, and then it says that there is more

/// One account, its pages put together.
struct Account {
    std::string since, until, error;
    std::int64_t seen = 0, known = 0;
    json::array items;
};
using Accounts = std::map<std::string, Account>;

/// "24h" before now, or a time as it is written; nullopt for anything else.
std::optional<std::string> since_of(const std::string& text, Time now) {
    if (text.empty()) return text;
    if (const auto distance = parse_duration(text)) return to_iso(now - *distance);
    if (parse_iso(text) || parse_iso(text + "T00:00:00Z")) return text;
    return std::nullopt;
}

std::string cell(const json::object& object, std::string_view name) { return text_field(object, name).value_or("-"); }

bool heals(const json::value& item) {
    return item.is_object() && text_field(item.get_object(), "disposition") == std::optional<std::string>("applied");
}

std::int64_t healed(const Account& account) { return std::count_if(account.items.begin(), account.items.end(), heals); }

std::string words_of(const ReconcileCommand& command, const Accounts& accounts) {
    std::string text;
    for (const auto& [provider, account] : accounts) {
        text += provider + ", " + account.since + " to " + account.until + ": " + std::to_string(account.seen) + " looked at, " +
                std::to_string(account.known) + " had arrived, " + std::to_string(healed(account)) +
                (command.dry_run ? " would be healed\n" : " healed\n");
        for (const json::value& value : account.items) {
            const auto& item = value.as_object();
            text += "  " + cell(item, "type") + "  " + cell(item, "workflow_id") + "  " + cell(item, "from") + ">" +
                    cell(item, "to") + "  " + cell(item, "disposition") +
                    (item.at("reason").is_null() ? "" : ": " + cell(item, "reason")) + "\n";
        }
        if (!account.error.empty()) text += "  not all: " + account.error + "\n";
    }
    return text;
}

json::object json_of(const ReconcileCommand& command, Accounts accounts) {
    json::array all;
    std::int64_t sum = 0;
    for (auto& [provider, account] : accounts) {
        const auto count = healed(account);
        sum += count;
        all.push_back(json::object{{"provider", provider},
                                   {"since", account.since},
                                   {"until", account.until},
                                   {"seen", account.seen},
                                   {"known", account.known},
                                   {"healed", count},
                                   {"items", std::move(account.items)},
                                   {"error", account.error.empty() ? json::value(nullptr) : json::value(account.error)}});
    }
    return {{"dry_run", command.dry_run}, {"healed", sum}, {"accounts", std::move(all)}};
}

/// Adds a page to its account; answers the cursor of the next one, or "".
std::string add(Accounts& accounts, const json::object& page) {
    Account& account = accounts[text_field(page, "provider").value_or("")];
    account.since = text_field(page, "since").value_or("");
    account.until = text_field(page, "until").value_or("");
    account.seen += int_field(page, "seen").value_or(0);
    account.known += int_field(page, "known").value_or(0);
    if (const auto* items = array_field(page, "items")) account.items.insert(account.items.end(), items->begin(), items->end());
    if (const auto* error = object_field(page, "error")) {
        account.error = text_field(*error, "code").value_or("") + ": " + text_field(*error, "message").value_or("");
        return "";
    }
    return text_field(page, "next_cursor").value_or("");
}

class Run {
public:
    Run(const ReconcileCommand& command, const AdminClient& client, std::string since, std::ostream& err)
        : command_(command), client_(client), since_(std::move(since)), err_(err) {}

    /// False where the admin API did not answer as it should.
    bool ask_all() {
        json::object body = body_for(command_.provider);
        if (!since_.empty()) body["since"] = since_;
        const auto first = ask(body);
        if (!first) return false;
        for (const json::object& page : *first)
            if (!go_on(text_field(page, "provider").value_or(""), add(accounts, page))) return false;
        return true;
    }

    Accounts accounts;

private:
    json::object body_for(const std::string& provider) const {
        json::object body{{"dry_run", command_.dry_run}, {"actor", command_.person.actor}, {"reason", command_.person.reason}};
        if (!provider.empty()) body["provider"] = provider;
        return body;
    }

    std::optional<std::vector<json::object>> ask(const json::object& body) {
        const auto data = client_.data_of(client_.call(admin_post(std::string(path), body)), err_);
        if (!data) return std::nullopt;
        std::vector<json::object> pages;
        if (const auto* list = array_field(*data, "accounts"))
            for (const json::value& page : *list)
                if (page.is_object()) pages.push_back(page.get_object());
        return pages;
    }

    bool go_on(const std::string& provider, std::string cursor) {
        for (int page = 1; !cursor.empty(); ++page) {
            Account& account = accounts[provider];
            if (page == most_pages) {
                account.error = "there is more: ask with a later --since";
                return true;
            }
            json::object body = body_for(provider);
            body["since"] = account.since;
            body["until"] = account.until;
            body["cursor"] = cursor;
            const auto next = ask(body);
            if (!next || next->empty()) return false;
            cursor = add(accounts, next->front());
        }
        return true;
    }

    const ReconcileCommand& command_;
    const AdminClient& client_;
    const std::string since_;
    std::ostream& err_;
};

} // namespace

int run_reconcile(const ReconcileCommand& command, const Environment& environment, std::ostream& out, std::ostream& err) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto since = since_of(command.since, now);
    if (!since) {
        err << "appointd: --since is neither a duration like 24h nor a time like 2026-12-01T09:00:00Z\n";
        return 2;
    }
    const auto client = AdminClient::open(command, environment);
    if (!client) {
        err << "appointd: " << client.error().message << "\n";
        return 2;
    }
    Run run(command, *client, *since, err);
    if (!run.ask_all()) return 1;
    const bool whole = std::ranges::all_of(run.accounts, [](const auto& account) { return account.second.error.empty(); });
    if (command.json)
        out << json::serialize(json_of(command, std::move(run.accounts))) << "\n";
    else
        out << words_of(command, run.accounts);
    return whole ? 0 : 1;
}

} // namespace appointd::daemon
