#include "persistence/sql_reader.hpp"

#include "persistence/migrate.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace appointd::persistence {

namespace {

constexpr int page_limit = 200;
constexpr std::chrono::hours clock_slack{1};
constexpr std::string_view beyond_all = "ffffffff-ffff-ffff-ffff-ffffffffffff"; // no id is that one
constexpr std::string_view least_of_all = "00000000-0000-0000-0000-000000000000";

/// Ids are drawn before their workflow is created, if maybe by a clock that is a little ahead: beyond this one there is none that
/// was created before the filter's end.
std::optional<engine::WorkflowId> end_of(const engine::WorkflowFilter& filter) {
    if (!filter.to) return filter.before;
    const auto end = engine::make_workflow_id(*filter.to + clock_slack, engine::RandomBytes{});
    return filter.before ? std::min(*filter.before, end) : end;
}

/// A substring for LIKE with '!' as escape.
std::string like_pattern(std::string_view text) {
    std::string pattern = "%";
    for (const char character : text) {
        if (character == '%' || character == '_' || character == '!') pattern += '!';
        pattern += character;
    }
    return pattern + "%";
}

/// The least and the greatest id that begin with `text`; nullopt where no id can.
std::optional<std::pair<std::string, std::string>> id_range(std::string_view text) {
    constexpr std::string_view shape = "00000000-0000-0000-0000-000000000000";
    if (text.empty() || text.size() > shape.size()) return std::nullopt;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (shape[at] == '-' ? c != '-' : !hex) return std::nullopt;
    }
    std::string low(text), high(text);
    for (std::size_t at = text.size(); at < shape.size(); ++at) {
        low += shape[at];
        high += shape[at] == '-' ? '-' : 'f';
    }
    return std::pair{std::move(low), std::move(high)};
}

} // namespace

template <class Ask> auto SqlReader::guarded(Ask ask) -> Result<decltype(ask())> {
    for (bool again : {true, false}) {
        try {
            return ask();
        } catch (...) {
            const Failure failure = session_.failure(std::current_exception());
            if (!again || failure.kind != Failure::Kind::lost) return to_error(failure);
        }
    }
    return Error{"database_unavailable", "the database does not answer"};
}

Result<std::vector<engine::WorkflowRow>> SqlReader::list(const engine::WorkflowFilter& filter) {
    return guarded([&] {
        std::vector<engine::WorkflowRow> rows;
        const auto take = [&](Row& row) { rows.push_back(read_workflow(row)); };
        std::optional<std::string> like, low, high;
        if (!filter.q.empty()) {
            like = like_pattern(filter.q);
            if (auto range = id_range(filter.q)) std::tie(low, high) = *std::move(range);
        }
        const auto end = end_of(filter);
        // Statements take a missing filter as null. Parameters stand in the order of each statement's needs.
        const auto kind = Parameter::filled("kind", filter.kind), state = Parameter::filled("state", filter.state);
        const auto ask = [&](const char* statement, const Parameter& extra) {
            const Parameter before = end ? Parameter("before", *end) : Parameter("before", beyond_all),
                            least = filter.least ? Parameter("least", *filter.least) : Parameter("least", least_of_all);
            const Parameter from("from", filter.from), to("to", filter.to), changed_from("changed_from", filter.changed_from),
                like_text("like", like), low_id("low", low), high_id("high", high),
                room("room", std::clamp(filter.limit, 1, page_limit));
            session_.statement(statement).each(
                workflow_columns, {before, least, kind, state, extra, from, to, changed_from, like_text, low_id, high_id, room},
                take);
        };
        const auto calm = filter.attention == false ? std::optional<std::string>("yes") : std::nullopt;
        const auto reason = filter.reason.empty() ? std::nullopt : std::optional(like_pattern("," + filter.reason + ","));
        if (filter.attention == true)
            ask("list_attention", Parameter("reason", reason));
        else if (!filter.kind.empty() && !filter.state.empty())
            ask("list_state", Parameter("calm", calm));
        else
            ask("list", Parameter("calm", calm));
        return rows;
    });
}

Result<std::optional<engine::WorkflowRow>> SqlReader::workflow(engine::WorkflowId id) {
    return guarded([&] {
        std::optional<engine::WorkflowRow> found;
        session_.statement("workflow").each(workflow_columns, {{"id", id}}, [&](Row& row) { found = read_workflow(row); });
        return found;
    });
}

Result<std::optional<engine::WorkflowId>> SqlReader::owner_of(const engine::CorrelationKey& key) {
    return guarded([&] {
        std::optional<engine::WorkflowId> owner;
        session_.statement("owner_of").each(1, {{"key", key}}, [&](Row& row) { owner = read_workflow_id(row, 0); });
        return owner;
    });
}

Result<std::vector<engine::ActivityRow>> SqlReader::activities(engine::WorkflowId id) {
    return guarded([&] {
        std::vector<engine::ActivityRow> rows;
        session_.statement("activities").each(activity_columns, {{"id", id}}, [&](Row& row) {
            rows.push_back(read_activity(row));
        });
        return rows;
    });
}

Result<std::vector<engine::EventRow>> SqlReader::history(engine::WorkflowId id, int after, int limit) {
    return guarded([&] {
        std::vector<engine::EventRow> rows;
        const auto take = [&](Row& row) { rows.push_back(read_event(row)); };
        const auto room = std::max(limit, 1);
        session_.statement("history").each(event_columns, {{"id", id}, {"after", after}, {"room", room}}, take);
        if (rows.size() < static_cast<std::size_t>(room)) session_.statement("parked").each(event_columns, {{"id", id}}, take);
        return rows;
    });
}

Result<std::optional<engine::EventRow>> SqlReader::event(engine::EventId id) {
    return guarded([&] {
        std::optional<engine::EventRow> found;
        session_.statement("event").each(event_columns, {{"id", id}}, [&](Row& row) { found = read_event(row); });
        return found;
    });
}

Result<std::vector<engine::EventRow>> SqlReader::dead_letters(std::optional<engine::EventId> before, int limit) {
    return guarded([&] {
        std::vector<engine::EventRow> rows;
        session_.statement("dead_letters")
            .each(event_columns, {{"before", before}, {"room", std::clamp(limit, 1, page_limit)}},
                  [&](Row& row) { rows.push_back(read_event(row)); });
        return rows;
    });
}

Result<engine::Census> SqlReader::census() {
    return guarded([&] {
        engine::Census census;
        session_.statement("census_states").each(4, {}, [&](Row& row) {
            census.states.push_back(
                {.kind = row.text(0), .state = row.text(1), .count = row.number(2), .oldest = read_optional_time(row, 3)});
        });
        session_.statement("census_tables").each(2, {}, [&](Row& row) {
            census.tables.push_back({.name = row.text(0), .bytes = row.number(1)});
        });
        std::map<std::string, std::int64_t> reasons; // a workflow may have several
        session_.statement("census_attention").each(2, {}, [&](Row& row) {
            const std::string all = row.text(0);
            for (std::size_t begin = 0; begin < all.size();) {
                const auto end = std::min(all.find(',', begin), all.size());
                if (end > begin) reasons[all.substr(begin, end - begin)] += row.number(1);
                begin = end + 1;
            }
        });
        for (const auto& [reason, count] : reasons) census.attention.push_back({.reason = reason, .count = count});
        session_.statement("census_outbox").each(3, {}, [&](Row& row) {
            census.outbox.push_back({.lane = engine::Lane{row.text(0)}, .depth = row.number(1), .oldest = read_time(row, 2)});
        });
        session_.statement("census_events").each(3, {}, [&](Row& row) {
            census.dead_letters = row.number(0);
            census.deferred = row.number(1);
            census.earliest_wake = read_optional_time(row, 2);
        });
        return census;
    });
}

Result<void> SqlReader::ping() {
    int oldest = 0, number = 0;
    auto asked = guarded([&] {
        bool known = false;
        session_.statement("migration_table_known").each(1, {}, [&](Row&) { known = true; });
        if (!known) return 0; // an empty database: migration 0
        session_.statement("ping").each(2, {}, [&](Row& row) {
            oldest = read_int(row, 0);
            number = read_int(row, 1);
        });
        return 0;
    });
    if (!asked) return std::move(asked).error();
    return check_schema(session_.dialect(), oldest, number);
}

} // namespace appointd::persistence
