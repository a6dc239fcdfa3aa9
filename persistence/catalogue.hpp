#pragma once

#include <span>
#include <string>
#include <string_view>

namespace appointd::persistence {

enum class Dialect { postgresql, sqlite };

/// A .sql file as embedded at build time; the text is the file's, comments included.
struct SqlFile {
    Dialect dialect;
    std::string_view name; ///< without folder and ".sql"
    std::string_view text;
};

std::span<const SqlFile> all_statements();
/// By dialect, in order of their number.
std::span<const SqlFile> all_migrations();

/// The statement's text without comments (SOCI looks for parameters in them too). Throws std::logic_error where there is none.
std::string statement_text(Dialect dialect, std::string_view name);

/// Without "--" lines and white space at both ends.
std::string without_comments(std::string_view sql);

} // namespace appointd::persistence
