#pragma once

#include "persistence/database_url.hpp"
#include "persistence/session.hpp"
#include "persistence/statement.hpp"

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <soci/soci.h>

namespace appointd::persistence {

/// One open connection with the statements prepared in it. What differs between the databases is behind this.
class Connection {
public:
    virtual ~Connection() = default;

    /// Throws SOCI's errors, and std::logic_error for a name that is not in the catalogue.
    Statement& statement(std::string_view name);
    /// Runs statements without parameters, separated by ";" at a line's end.
    void script(std::string_view sql);
    /// A statement that a failure stopped midway would stand in the way of the next transaction.
    void forget_statements() { statements_.clear(); }

    /// What an error means. Never throws.
    virtual Failure classify(std::exception_ptr error) noexcept = 0;

protected:
    explicit Connection(Dialect dialect) : dialect_(dialect) {}
    soci::session sql_;

private:
    Dialect dialect_;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_; // after sql_: they go first
};

/// Open and set up; throw SOCI's errors.
std::unique_ptr<Connection> connect_postgresql(const DatabaseUrl& url, const SessionOptions& options);
std::unique_ptr<Connection> connect_sqlite(const DatabaseUrl& url, const SessionOptions& options);

/// The text of any exception, for those that are not the database's.
std::string text_of(std::exception_ptr error) noexcept;

/// SOCI adds the whole statement and its parameters to what(): payloads do not belong into a log.
std::string message_of(const soci::soci_error& error);

} // namespace appointd::persistence
