#include "http/admin.hpp"
#include "http/admin_request.hpp"
#include "http/completion.hpp"
#include "http/learned_events.hpp"
#include "http/reconciliations.hpp"
#include "http/reply.hpp"
#include "http/rows_json.hpp"
#include "workflows/reconciliation/instance.hpp"
#include "workflows/reconciliation/kind.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::http {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds page_limit{15}; // for one page of one provider

/// A page to ask of one account now, by a person and not by the account's own workflow.
struct Wanted {
    engine::WorkflowRow row;
    reconciliation::Data data;
    Time since, until;
    std::string cursor;
};

Wanted wanted_of(const engine::WorkflowRow& row, const ReconcileRequest& request, Time now) {
    Wanted wanted{row, reconciliation::read(row.data), {}, request.until.value_or(now), request.cursor};
    const auto& data = wanted.data;
    wanted.since = std::max(request.since.value_or(std::max(data.covered - reconciliation::limits::overlap, data.floor)),
                            now - reconciliation::limits::farthest);
    return wanted;
}

asio::awaitable<std::optional<engine::AttemptResult>> ask_provider(Services& services, Wanted wanted) {
    engine::Attempt attempt;
    attempt.id = engine::ActivityId{wanted.row.id, 0, 0};
    attempt.kind = reconciliation::list_kind(wanted.data.provider);
    attempt.lane = reconciliation::lane_of(wanted.data.provider);
    attempt.now = services.given.clock.now();
    attempt.created_at = attempt.now;
    attempt.request = reconciliation::list_request(wanted.since, wanted.until, wanted.cursor);
    attempt.deadline = services.given.clock.monotonic() + page_limit;
    auto completion = std::make_shared<Completion<engine::AttemptResult>>(services.executor);
    services.given.carry_out(std::move(attempt),
                             [completion](engine::AttemptResult result) { completion->set(std::move(result)); });
    co_return co_await completion->wait(page_limit + std::chrono::seconds(1));
}

json::object error_json(std::string_view code, std::string_view message) {
    json::object error;
    error["code"] = json::string(code.data(), code.size());
    error["message"] = json::string(message.data(), message.size());
    return error;
}

asio::awaitable<json::object> reconcile_account(Services& services, LearnedEvents& events, Wanted wanted) {
    json::object account;
    account["provider"] = wanted.data.provider;
    account["since"] = to_iso(wanted.since);
    account["until"] = to_iso(wanted.until);
    account["seen"] = 0;
    account["known"] = 0;
    account["items"] = json::array();
    account["next_cursor"] = nullptr;
    account["error"] = nullptr;
    auto result = co_await ask_provider(services, wanted);
    if (!result) {
        account["error"] = error_json("provider_timeout", "The provider did not answer in time.");
        co_return account;
    }
    if (result->kind != engine::AttemptResult::Kind::succeeded) {
        account["error"] = error_json(result->code, result->message);
        co_return account;
    }
    json::array items;
    std::int64_t known = 0;
    for (engine::Incoming& incoming : result->learned) {
        auto found = co_await events.take(std::move(incoming));
        if (!found) {
            account["error"] = error_json(found.error().code, found.error().message);
            break;
        }
        if (found->known)
            ++known;
        else
            items.emplace_back(std::move(found->item));
    }
    const auto facts = parse_object(result->result).value_or(json::object{});
    account["seen"] = int_field(facts, "seen").value_or(0);
    account["known"] = known;
    account["items"] = std::move(items);
    if (const auto next = text_field(facts, "next")) account["next_cursor"] = *next;
    co_return account;
}

/// Who asked, and what came of it, in the history of the account's own workflow.
engine::Incoming note_of(Services& services, const Wanted& wanted, const ReconcileRequest& request, const json::object& account) {
    const Time now = services.given.clock.now();
    std::array<std::uint8_t, 16> bytes{};
    services.given.random.fill(bytes);
    json::object payload;
    payload["text"] = "reconciled by hand";
    payload["since"] = account.at("since");
    payload["until"] = account.at("until");
    payload["cursor"] = text_or_null(request.cursor);
    payload["new_events"] = account.at("items").as_array().size();
    payload["actor"] = request.actor;
    payload["reason"] = request.reason;
    payload["at"] = to_iso(now);
    const std::string key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    engine::Incoming incoming;
    incoming.event = {
        engine::make_event_id(now, "operator/default", key), "operator", "operator.note", now, json::serialize(payload), ""};
    incoming.address.targets.emplace_back(wanted.row.id);
    incoming.address.reason = "no such reconciliation";
    return incoming;
}

} // namespace

asio::awaitable<net::Response> reconcile(Services& services, Call& call) {
    auto read = read_reconcile_request(call.request.body, services.given.clock.now());
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    const ReconcileRequest& request = std::get<ReconcileRequest>(read);
    using Rows = std::vector<engine::WorkflowRow>;
    std::function<Result<Rows>(engine::Reader&)> question = [provider = request.provider](engine::Reader& reader) {
        return current_reconciliations(reader, provider);
    };
    const auto rows = co_await services.readers.ask(std::move(question));
    if (!rows) co_return unreadable();
    if (rows->empty()) co_return problem(404, "not_found", "No provider account of that name is reconciled.");
    if (!services.given.carry_out) co_return try_again("unavailable", "No provider can be asked.");
    LearnedEvents events(services, request.dry_run);
    json::array accounts;
    for (const engine::WorkflowRow& row : *rows) {
        const auto wanted = wanted_of(row, request, services.given.clock.now());
        auto account = co_await reconcile_account(services, events, wanted);
        if (!request.dry_run) {
            auto note = note_of(services, wanted, request, account);
            co_await services.given.engine.submit(std::move(note));
        }
        accounts.emplace_back(std::move(account));
    }
    services.given.log.info("an operator had the providers asked",
                            {{"dry_run", request.dry_run}, {"actor", request.actor}, {"remote", call.request.remote}});
    json::object data;
    data["dry_run"] = request.dry_run;
    data["accounts"] = std::move(accounts);
    co_return reply(std::move(data));
}

} // namespace appointd::http
