#include "persistence/statement.hpp"

#include "persistence/json_rows.hpp"

#include <soci/soci.h>

#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

namespace appointd::persistence {

Parameter::Parameter(std::string_view name, const engine::Uuid& id) : name_(name), id_(uuid_text(id)), is_id_(true) {}

Parameter Parameter::filled(std::string_view name, std::string_view text) {
    Parameter parameter(name, text);
    parameter.null_ = text.empty();
    return parameter;
}

/// SOCI keeps references to these until the statement goes: they never move.
struct Statement::Kept final : Row {
    struct Slot {
        std::string name;
        bool is_number = false;
        std::string text;
        long long number = 0;
        soci::indicator indicator = soci::i_ok;
    };
    struct Cell {
        std::string text;
        soci::indicator indicator = soci::i_ok;
    };

    Kept(soci::session& session, std::size_t parameters, std::size_t columns)
        : slots(parameters), cells(columns), statement(session) {}

    bool is_null(std::size_t column) const override { return cells.at(column).indicator == soci::i_null; }
    std::string text(std::size_t column) override {
        return is_null(column) ? std::string{} : std::exchange(cells.at(column).text, {});
    }
    std::int64_t number(std::size_t column) const override {
        const std::string& digits = cells.at(column).text;
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc{} || end != digits.data() + digits.size()) throw std::invalid_argument("a column is no integer");
        return value;
    }

    std::vector<Slot> slots;
    std::vector<Cell> cells;
    soci::statement statement; // last: it goes before what it refers to
};

Statement::Statement(soci::session& session, std::string text, bool refuses_nul)
    : session_(session), text_(std::move(text)), refuses_nul_(refuses_nul) {}

Statement::~Statement() = default;

Statement::Kept& Statement::prepared(std::size_t columns, Parameters parameters) {
    if (!kept_) {
        auto kept = std::make_unique<Kept>(session_, parameters.size(), columns);
        kept->statement.alloc();
        auto slot = kept->slots.begin();
        for (const Parameter& parameter : parameters) {
            slot->name = parameter.name();
            slot->is_number = parameter.is_number();
            if (slot->is_number)
                kept->statement.exchange(soci::use(slot->number, slot->indicator, slot->name));
            else
                kept->statement.exchange(soci::use(slot->text, slot->indicator, slot->name));
            ++slot;
        }
        for (Kept::Cell& cell : kept->cells) kept->statement.exchange(soci::into(cell.text, cell.indicator));
        kept->statement.prepare(text_);
        kept->statement.define_and_bind();
        kept_ = std::move(kept);
    }
    if (kept_->slots.size() != parameters.size() || kept_->cells.size() != columns)
        throw std::logic_error("a kept statement runs with the parameters and columns it began with");
    auto slot = kept_->slots.begin();
    for (const Parameter& parameter : parameters) {
        if (slot->name != parameter.name() || slot->is_number != parameter.is_number())
            throw std::logic_error("parameter " + std::string(parameter.name()) + " is not " + slot->name);
        slot->indicator = parameter.is_null() ? soci::i_null : soci::i_ok;
        if (slot->is_number) {
            slot->number = parameter.number();
        } else {
            if (refuses_nul_ && parameter.text().find('\0') != std::string_view::npos) throw UnstorableText{};
            slot->text.assign(parameter.text());
        }
        ++slot;
    }
    return *kept_;
}

std::int64_t Statement::change(Parameters parameters) {
    Kept& kept = prepared(0, parameters);
    kept.statement.execute(true);
    return kept.statement.get_affected_rows();
}

void Statement::each(std::size_t columns, Parameters parameters, const std::function<void(Row&)>& take) {
    Kept& kept = prepared(columns, parameters);
    for (bool more = kept.statement.execute(true); more; more = kept.statement.fetch()) take(kept);
}

} // namespace appointd::persistence
