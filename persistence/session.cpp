#include "persistence/session.hpp"

#include "persistence/connection.hpp"

namespace appointd::persistence {

namespace {

/// Another session of this process kept its turn for the whole lock timeout.
struct TurnNotGiven {};

Failure failure_without_connection(const DatabaseUrl& url, std::exception_ptr error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const soci::soci_error& failed) {
        return {Failure::Kind::lost, url.redact(message_of(failed))};
    } catch (...) {
        return {Failure::Kind::other, url.redact(text_of(error))};
    }
}

} // namespace

Session::Session(DatabaseUrl url, SessionOptions options, std::shared_ptr<WriteTurn> turn)
    : url_(std::move(url)), options_(options), turn_(std::move(turn)) {}

Session::~Session() { drop(); }

Connection& Session::connection() {
    if (!connection_)
        connection_ = url_.dialect == Dialect::postgresql ? connect_postgresql(url_, options_) : connect_sqlite(url_, options_);
    return *connection_;
}

Statement& Session::statement(std::string_view name) { return connection().statement(name); }

void Session::script(std::string_view sql) { connection().script(sql); }

std::unique_lock<WriteTurn> Session::take_turn() {
    if (!turn_) return {};
    std::unique_lock<WriteTurn> lock(*turn_, std::defer_lock);
    if (!lock.try_lock_for(options_.lock_timeout)) throw TurnNotGiven{};
    return lock;
}

void Session::begin() {
    held_ = take_turn();
    const bool fresh = !connection_;
    try {
        statement("begin").change({});
    } catch (...) {
        // Nothing has been done yet, so a connection that broke while idle costs no answer.
        const auto error = std::current_exception();
        if (fresh || connection_->classify(error).kind != Failure::Kind::lost) throw;
        drop();
        held_ = take_turn();
        statement("begin").change({});
    }
    in_transaction_ = true;
}

void Session::commit() {
    statement("commit").change({});
    in_transaction_ = false;
    if (held_) held_.unlock();
}

void Session::rollback() noexcept {
    if (in_transaction_ && connection_) {
        try {
            statement("rollback").change({});
        } catch (...) {
            drop();
        }
    }
    in_transaction_ = false;
    if (held_) held_.unlock();
}

void Session::drop() noexcept {
    connection_.reset();
    in_transaction_ = false;
    if (held_) held_.unlock();
}

Failure Session::failure(std::exception_ptr error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const TurnNotGiven&) {
        return {Failure::Kind::conflict, "another session of this process is writing"};
    } catch (...) {
    }
    if (!connection_) {
        drop();
        return failure_without_connection(url_, error);
    }
    Failure failure = connection_->classify(error);
    if (failure.kind == Failure::Kind::lost) {
        drop();
    } else {
        // SQLite's half-run statement would stand in the way of the rollback; PostgreSQL takes no DEALLOCATE before it. Either
        // way they go: SOCI leaks the parameters of a failed execution when its statement runs again.
        if (url_.dialect == Dialect::sqlite) connection_->forget_statements();
        rollback();
        if (connection_) connection_->forget_statements();
    }
    return failure;
}

Error to_error(const Failure& failure) {
    switch (failure.kind) {
    case Failure::Kind::conflict: return {"database_busy", "the database is busy, try again: " + failure.detail};
    case Failure::Kind::bad_data: return {"database_refused", "the database refused a value: " + failure.detail};
    case Failure::Kind::lost:
    case Failure::Kind::other: break;
    }
    return {"database_unavailable", "the database does not answer as it should: " + failure.detail};
}

} // namespace appointd::persistence
