#pragma once

#include "foundation/result.hpp"
#include "persistence/catalogue.hpp"

#include <string>
#include <string_view>

namespace appointd::persistence {

/// DATABASE_URL, taken apart.
struct DatabaseUrl {
    Dialect dialect = Dialect::sqlite;
    std::string target;   ///< SQLite: the file's path. PostgreSQL: the URL for libpq, with our time limits where it names none
    std::string password; ///< as written and as decoded, to blank out of messages; may be empty
    std::string decoded_password;

    /// `message` with the password blanked.
    std::string redact(std::string message) const;
};

/// "sqlite:///relative/path", "sqlite:////absolute/path", "postgresql://user:password@host:port/database?parameters"
/// ("postgres://" too). Error: database_url_invalid; its message holds no part of the URL.
Result<DatabaseUrl> parse_database_url(std::string_view url);

} // namespace appointd::persistence
