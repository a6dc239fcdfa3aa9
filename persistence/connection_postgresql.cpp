#include "persistence/connection.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>

namespace appointd::persistence {

namespace {

/// SQLSTATE to what it means for a batch. Class 21 and 54 are about the values too: a row named twice, a key too long for its
/// index.
Failure::Kind meaning(std::string_view state) {
    const auto kind = state.substr(0, 2);
    if (kind == "22" || kind == "23" || kind == "21" || kind == "54") return Failure::Kind::bad_data;
    if (state == "40001" || state == "40P01" || state == "55P03") return Failure::Kind::conflict;
    // 57P01 to 57P03: the server ends the session; 25P03: it ended our idle transaction, and the connection with it.
    if (kind == "08" || state.starts_with("57P") || state == "25P03") return Failure::Kind::lost;
    return Failure::Kind::other;
}

class PostgresqlConnection final : public Connection {
public:
    PostgresqlConnection(const DatabaseUrl& url, const SessionOptions& options) : Connection(Dialect::postgresql), url_(url) {
        sql_.open(soci::postgresql, url.target);
        const auto milliseconds = [](std::chrono::milliseconds limit) { return std::to_string(limit.count()); };
        const std::string lock_timeout = milliseconds(options.lock_timeout),
                          statement_timeout = milliseconds(options.statement_timeout);
        // Batches run the same few statements for ever: plan once. A reader's filters are null or not: plan for those given.
        statement("session").each(8,
                                  {{"lock_timeout", lock_timeout},
                                   {"statement_timeout", statement_timeout},
                                   {"read_only", options.read_only ? "on" : "off"},
                                   {"plans", options.read_only ? "force_custom_plan" : "force_generic_plan"}},
                                  [](Row&) {});
    }

    Failure classify(std::exception_ptr error) noexcept override {
        try {
            std::rethrow_exception(error);
        } catch (const soci::postgresql_soci_error& failed) {
            const std::string state = failed.sqlstate();
            const bool known = state.find_first_not_of(" 0") != std::string::npos && state[0] != '\0';
            const auto kind = broken() || !known ? Failure::Kind::lost : meaning(state);
            std::string message = message_of(failed);
            // What follows the first line (DETAIL, CONTEXT) quotes values, and they may be somebody's name: this ends in the log.
            if (kind == Failure::Kind::bad_data) message.resize(std::min(message.find('\n'), message.size()));
            return {kind, url_.redact((known ? state + ": " : "") + message)};
        } catch (const soci::soci_error& failed) {
            return {broken() ? Failure::Kind::lost : Failure::Kind::other, url_.redact(message_of(failed))};
        } catch (const UnstorableText&) {
            return {Failure::Kind::bad_data, "text with a NUL byte"};
        } catch (...) {
            return {Failure::Kind::other, url_.redact(text_of(error))};
        }
    }

private:
    bool broken() {
        auto* backend = static_cast<soci::postgresql_session_backend*>(sql_.get_backend());
        return !backend || !backend->conn_ || PQstatus(backend->conn_) != CONNECTION_OK;
    }
    DatabaseUrl url_;
};

} // namespace

std::unique_ptr<Connection> connect_postgresql(const DatabaseUrl& url, const SessionOptions& options) {
    return std::make_unique<PostgresqlConnection>(url, options);
}

} // namespace appointd::persistence
