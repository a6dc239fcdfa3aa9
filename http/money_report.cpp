#include "http/money_report.hpp"

#include "engine/runtime/replay.hpp"

#include <boost/json/array.hpp>

namespace appointd::http {

namespace {

constexpr int page = 200;
constexpr std::size_t most_problems = 100;

using booking::Statement;

struct Column {
    std::string_view name;
    std::int64_t Statement::*sum;
};
/// What moves; the rest of a statement (refunding, waiting) is a balance.
constexpr Column columns[] = {{"captured", &Statement::captured},
                              {"refunded", &Statement::refunded},
                              {"kept_session", &Statement::kept_session},
                              {"kept_policy", &Statement::kept_policy},
                              {"kept_operator", &Statement::kept_operator},
                              {"lost", &Statement::lost},
                              {"overpaid", &Statement::overpaid}};

std::int64_t kept(const Statement& sums) { return sums.kept_session + sums.kept_policy + sums.kept_operator; }

std::string day_of(Time time) { return to_iso(std::chrono::floor<std::chrono::days>(time)).substr(0, 10); }

json::object sums_json(const Statement& sums) {
    json::object object;
    for (const Column& column : columns) object[column.name] = sums.*column.sum;
    object["kept"] = kept(sums);
    return object;
}

json::object balance_json(std::int64_t refunding, std::int64_t waiting) {
    return {{"refunding", refunding}, {"waiting", waiting}};
}

} // namespace

void MoneyReport::move(Time at, const Statements& before, const Statements& after) {
    const auto book = [&](const Statement& sums, int sign) {
        Statement& item = items_[{day_of(at), sums.session_type, sums.currency}];
        Statement& total = totals_[sums.currency].moved;
        for (const Column& column : columns) {
            item.*column.sum += sign * (sums.*column.sum);
            total.*column.sum += sign * (sums.*column.sum);
        }
    };
    for (const Statement& sums : after) book(sums, 1);
    for (const Statement& sums : before) book(sums, -1);
}

void MoneyReport::close(const engine::WorkflowRow& row, const Statements& opening, const Statements& closing) {
    bookings_ += 1;
    for (const Statement& sums : opening) {
        totals_[sums.currency].opening.refunding += sums.refunding;
        totals_[sums.currency].opening.waiting += sums.waiting;
    }
    for (const Statement& sums : closing) {
        totals_[sums.currency].closing.refunding += sums.refunding;
        totals_[sums.currency].closing.waiting += sums.waiting;
        if (!sums.adds_up() && problems_.size() < most_problems)
            problems_.emplace_back(engine::to_string(row.id), "its ledger does not add up");
    }
}

Result<void> MoneyReport::add(engine::Reader& reader, const engine::Definitions& definitions, const Insight& insight,
                              const engine::WorkflowRow& row) {
    if (insight.statements(row.data).empty()) return {}; // no payment now, so none ever: a payment is never forgotten
    engine::Replay again(definitions, row.id, row.kind);
    Statements opening, latest;
    std::string data;
    Time at{}; // clocks of several nodes may differ by a little: a history never goes back
    for (bool more = true; more;) {
        const auto events = reader.history(row.id, again.workflow().revision, page);
        if (!events) return events.error();
        more = false;
        for (const engine::EventRow& event : *events) {
            if (!event.seq) continue;
            at = std::max(at, event.decided_at);
            more = at < to_ && again.take(event);
            if (!more) break;
            if (again.workflow().data == data) continue;
            data = again.workflow().data;
            Statements now = insight.statements(data);
            if (at < from_)
                opening = now;
            else
                move(at, latest, now);
            latest = std::move(now);
        }
    }
    close(row, opening, latest);
    const bool whole = again.workflow().revision == row.revision;
    const auto& first = again.first_divergence();
    if ((first || (whole && again.workflow().data != row.data)) && problems_.size() < most_problems)
        problems_.emplace_back(engine::to_string(row.id),
                               first ? "its history does not replay from number " + std::to_string(first->seq) + " on"
                                     : "its history does not give its stored data");
    return {};
}

bool MoneyReport::adds_up() const {
    for (const auto& [currency, total] : totals_) {
        const Statement& moved = total.moved;
        const auto before = total.opening.refunding + total.opening.waiting,
                   after = total.closing.refunding + total.closing.waiting;
        if (before + moved.captured + moved.overpaid - moved.refunded - kept(moved) - moved.lost != after) return false;
    }
    return problems_.empty();
}

json::object MoneyReport::to_json() const {
    json::array items, totals, problems;
    for (const auto& [key, sums] : items_) {
        json::object item{{"date", std::get<0>(key)}, {"session_type", std::get<1>(key)}, {"currency", std::get<2>(key)}};
        bool moved = false;
        for (const Column& column : columns) moved = moved || sums.*column.sum != 0;
        if (!moved) continue; // it went from one balance to the other
        for (auto& field : sums_json(sums)) item.emplace(field.key(), field.value());
        items.emplace_back(std::move(item));
    }
    for (const auto& [currency, total] : totals_) {
        json::object entry{{"currency", currency}};
        for (auto& field : sums_json(total.moved)) entry.emplace(field.key(), field.value());
        entry["opening"] = balance_json(total.opening.refunding, total.opening.waiting);
        entry["closing"] = balance_json(total.closing.refunding, total.closing.waiting);
        totals.emplace_back(std::move(entry));
    }
    for (const auto& [workflow, words] : problems_)
        problems.emplace_back(json::object{{"workflow_id", workflow}, {"reason", words}});
    json::object data;
    data["from"] = to_iso(from_);
    data["to"] = to_iso(to_);
    data["bookings"] = bookings_;
    data["items"] = std::move(items);
    data["totals"] = std::move(totals);
    data["problems"] = std::move(problems);
    data["adds_up"] = adds_up();
    return data;
}

} // namespace appointd::http
