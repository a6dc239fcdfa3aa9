#include "persistence/catalogue.hpp"

#include <stdexcept>

namespace appointd::persistence {

std::string without_comments(std::string_view sql) {
    std::string text;
    while (!sql.empty()) {
        const auto end = sql.find('\n');
        const auto line = sql.substr(0, end);
        sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos || line.substr(first).starts_with("--")) continue;
        text += line;
        text += '\n';
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == ';' || text.back() == ' ')) text.pop_back();
    return text;
}

std::string statement_text(Dialect dialect, std::string_view name) {
    for (const SqlFile& file : all_statements())
        if (file.dialect == dialect && file.name == name) return without_comments(file.text);
    throw std::logic_error("no SQL statement named " + std::string(name));
}

} // namespace appointd::persistence
