#include "persistence/migrate.hpp"

#include "foundation/digest.hpp"
#include "persistence/rows.hpp"
#include "persistence/session.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace appointd::persistence {

namespace {

int number_at(std::string_view text, const char* what) {
    int number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{} || number < 1)
        throw std::logic_error(std::string("migration without ") + what);
    return number;
}

Migration make_migration(const SqlFile& file) {
    constexpr std::string_view mark = "-- oldest: ";
    const auto found = file.text.find(mark);
    if (found == std::string_view::npos) throw std::logic_error("migration without its oldest binary: " + std::string(file.name));
    return {.number = number_at(file.name, "a number"),
            .name = std::string(file.name),
            .checksum = sha256_hex(file.text),
            .oldest = number_at(file.text.substr(found + mark.size()), "its oldest binary"),
            .text = file.text};
}

Error too_new(int oldest, int carried) {
    return {"schema_too_new", "the database's schema needs a binary that carries migration " + std::to_string(oldest) +
                                  ", and this one carries " + std::to_string(carried) + ": start a newer appointd"};
}

struct Applied {
    int number = 0;
    std::string name, checksum;
    int oldest = 0;
};

std::vector<Applied> read_applied(Session& session) {
    std::vector<Applied> applied;
    session.statement("migrations").each(5, {}, [&](Row& row) {
        applied.push_back({.number = read_int(row, 0), .name = row.text(1), .checksum = row.text(2), .oldest = read_int(row, 3)});
    });
    return applied;
}

/// What of the database contradicts our steps; nullopt where nothing does.
std::optional<Error> contradiction(const std::vector<Applied>& applied, std::span<const Migration> steps) {
    const int carried = steps.empty() ? 0 : steps.back().number;
    for (const Applied& step : applied) {
        if (step.oldest > carried) return too_new(step.oldest, carried);
        const auto ours =
            std::find_if(steps.begin(), steps.end(), [&](const Migration& own) { return own.number == step.number; });
        if (ours != steps.end() && ours->checksum != step.checksum)
            return Error{"schema_changed", "migration " + step.name +
                                               " was applied with another text than the one this binary carries (" + ours->name +
                                               "): use the binary that made this database, or one released after it"};
    }
    return std::nullopt;
}

/// One step under the lock; false: nothing left to do.
Result<bool> apply_next(Session& session, std::span<const Migration> steps, Time now, MigrationReport& report) {
    session.begin();
    if (session.dialect() == Dialect::postgresql) session.statement("migration_lock").each(1, {}, [](Row&) {});
    bool known = false;
    session.statement("migration_table_known").each(1, {}, [&](Row&) { known = true; });
    if (!known) session.statement("migration_table").change({});
    const auto applied = read_applied(session);
    const int newest = applied.empty() ? 0 : applied.back().number;
    if (report.applied.empty()) report.before = newest;
    report.after = newest;
    if (auto error = contradiction(applied, steps)) {
        session.rollback();
        return *std::move(error);
    }
    const auto next = std::find_if(steps.begin(), steps.end(), [&](const Migration& step) { return step.number > newest; });
    if (next == steps.end()) {
        session.commit();
        return false;
    }
    session.script(next->text);
    session.statement("migration_insert")
        .change({{"number", next->number},
                 {"name", next->name},
                 {"checksum", next->checksum},
                 {"oldest", next->oldest},
                 {"now", now}});
    session.commit();
    report.after = next->number;
    report.applied.push_back(next->name);
    return true;
}

Error migration_error(const Failure& failure) {
    if (failure.kind == Failure::Kind::lost || failure.kind == Failure::Kind::conflict) return to_error(failure);
    return {"schema_failed", "a migration was refused and nothing of it stands: " + failure.detail};
}

} // namespace

std::vector<Migration> migrations_of(Dialect dialect) {
    std::vector<Migration> steps;
    for (const SqlFile& file : all_migrations())
        if (file.dialect == dialect) steps.push_back(make_migration(file));
    for (std::size_t at = 0; at < steps.size(); ++at)
        if (steps[at].number != static_cast<int>(at) + 1)
            throw std::logic_error("migrations have a gap before " + steps[at].name);
    return steps;
}

Result<MigrationReport> migrate(std::string_view url, Time now) {
    auto parsed = parse_database_url(url);
    if (!parsed) return std::move(parsed).error();
    const auto steps = migrations_of(parsed->dialect);
    return migrate(url, steps, now);
}

Result<MigrationReport> migrate(std::string_view url, std::span<const Migration> steps, Time now) {
    auto parsed = parse_database_url(url);
    if (!parsed) return std::move(parsed).error();
    // An index over a large table takes its time; another migrating program too.
    SessionOptions options;
    options.lock_timeout = std::chrono::minutes(1);
    options.statement_timeout = std::chrono::hours(1);
    Session session(*std::move(parsed), options, nullptr);
    MigrationReport report;
    try {
        for (bool more = true; more;) {
            auto applied = apply_next(session, steps, now, report);
            if (!applied) return std::move(applied).error();
            more = *applied;
        }
    } catch (...) {
        return migration_error(session.failure(std::current_exception()));
    }
    return report;
}

Result<void> check_schema(Dialect dialect, int oldest, int number) {
    const auto steps = migrations_of(dialect);
    const int carried = steps.empty() ? 0 : steps.back().number;
    if (oldest > carried) return too_new(oldest, carried);
    if (number < carried)
        return Error{"schema_outdated", "the database's schema stands at migration " + std::to_string(number) +
                                            " and this binary needs " + std::to_string(carried) + ": run appointd migrate"};
    return {};
}

} // namespace appointd::persistence
