#include "persistence/connection.hpp"

namespace appointd::persistence {

Statement& Connection::statement(std::string_view name) {
    auto found = statements_.find(name);
    if (found == statements_.end()) {
        auto made = std::make_unique<Statement>(sql_, statement_text(dialect_, name), dialect_ == Dialect::postgresql);
        found = statements_.emplace(std::string(name), std::move(made)).first;
    }
    return *found->second;
}

void Connection::script(std::string_view sql) {
    std::string rest = without_comments(sql) + ";\n";
    for (auto end = rest.find(";\n"); end != std::string::npos; end = rest.find(";\n")) {
        const std::string statement = rest.substr(0, end);
        rest.erase(0, end + 2);
        if (statement.find_first_not_of(" \n") != std::string::npos) sql_ << statement;
    }
}

std::string text_of(std::exception_ptr error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "unknown error";
    }
}

std::string message_of(const soci::soci_error& error) { return error.get_error_message(); }

} // namespace appointd::persistence
