#pragma once

#include "foundation/result.hpp"
#include "persistence/database_url.hpp"
#include "persistence/statement.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace appointd::persistence {

struct SessionOptions {
    bool read_only = false;
    std::chrono::milliseconds lock_timeout{5000};       ///< SQLite: for the write lock, whole seconds
    std::chrono::milliseconds statement_timeout{15000}; ///< PostgreSQL
};

/// What an error from the database means.
struct Failure {
    enum class Kind {
        lost,     ///< the connection is gone: what was sent last may or may not have been done
        conflict, ///< somebody else was faster, or holds a lock: again, from fresh rows
        bad_data, ///< the database refused a value
        other,    ///< no resources, no rights, a schema that does not fit
    };
    Kind kind = Kind::other;
    std::string detail; ///< for the log; holds no password and no payload
};

/// Whose turn it is to write within this process. SQLite has one writer, and its own waiting is a sleep; this wakes the next at
/// once.
using WriteTurn = std::timed_mutex;

class Connection;

/// One connection that heals itself: opened at first use, dropped when it breaks, opened anew at the next call.
/// One thread at a time.
class Session {
public:
    /// `turn` may be null; shared by the sessions of one process on one SQLite file.
    Session(DatabaseUrl url, SessionOptions options, std::shared_ptr<WriteTurn> turn);
    ~Session();

    const DatabaseUrl& url() const { return url_; }
    Dialect dialect() const { return url_.dialect; }

    /// The kept statement of that name. Throws where there is no connection.
    Statement& statement(std::string_view name);
    /// Statements without parameters, as a migration has them.
    void script(std::string_view sql);

    /// Opens a writing transaction; a connection that turns out to be broken is replaced once.
    void begin();
    void commit();
    /// Never throws: a connection that cannot roll back is dropped, which does the same.
    void rollback() noexcept;

    /// Holds this process's turn to write for a single statement outside a transaction.
    [[nodiscard]] std::unique_lock<WriteTurn> take_turn();

    /// Says what the error means, and leaves the session fit for the next call: no open transaction, no half-run statement.
    Failure failure(std::exception_ptr error) noexcept;

private:
    Connection& connection();
    void drop() noexcept;

    DatabaseUrl url_;
    SessionOptions options_;
    std::shared_ptr<WriteTurn> turn_;
    std::unique_lock<WriteTurn> held_; // during a transaction
    std::unique_ptr<Connection> connection_;
    bool in_transaction_ = false;
};

/// The failure as an error of the port: database_unavailable, database_busy or database_refused.
Error to_error(const Failure& failure);

} // namespace appointd::persistence
