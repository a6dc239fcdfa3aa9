#include "persistence/connection.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace appointd::persistence {

namespace {

Failure::Kind meaning(int code) {
    switch (code & 0xff) { // extended codes carry the plain one in their low byte
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return Failure::Kind::bad_data;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Failure::Kind::conflict;
    case SQLITE_IOERR: return Failure::Kind::lost; // what reached the disk is open: begin anew from the file
    default: return Failure::Kind::other;
    }
}

class SqliteConnection final : public Connection {
public:
    SqliteConnection(const DatabaseUrl& url, const SessionOptions& options) : Connection(Dialect::sqlite) {
        const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(options.lock_timeout).count());
        sql_.open(soci::sqlite3, "db=\"" + url.target + "\" timeout=" + std::to_string(seconds));
        script(statement_text(Dialect::sqlite, "session"));
        if (options.read_only) script(statement_text(Dialect::sqlite, "session_read_only"));
    }

    Failure classify(std::exception_ptr error) noexcept override {
        try {
            std::rethrow_exception(error);
        } catch (const soci::sqlite3_soci_error& failed) {
            return {meaning(failed.result()), message_of(failed)};
        } catch (const soci::soci_error& failed) {
            return {Failure::Kind::other, message_of(failed)};
        } catch (...) {
            return {Failure::Kind::other, text_of(error)};
        }
    }
};

} // namespace

std::unique_ptr<Connection> connect_sqlite(const DatabaseUrl& url, const SessionOptions& options) {
    return std::make_unique<SqliteConnection>(url, options);
}

} // namespace appointd::persistence
