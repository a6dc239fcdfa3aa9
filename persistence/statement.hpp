#pragma once

#include "engine/core/ids.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace soci {
class session;
}

namespace appointd::persistence {

/// A named parameter of one execution. Refers to the text given to it until the statement has run.
class Parameter {
public:
    Parameter(std::string_view name, std::string_view text) : name_(name), text_(text) {}
    Parameter(std::string_view name, const std::string& text) : name_(name), text_(text) {}
    Parameter(std::string_view name, const char* text) : name_(name), text_(text) {}
    Parameter(std::string_view name, std::int64_t number) : name_(name), number_(number), is_number_(true) {}
    Parameter(std::string_view name, int number) : Parameter(name, static_cast<std::int64_t>(number)) {}
    Parameter(std::string_view name, Time time) : Parameter(name, to_micros(time)) {}
    Parameter(std::string_view name, const engine::Uuid& id);
    template <class Tag, class T> Parameter(std::string_view name, const Strong<Tag, T>& value) : Parameter(name, value.get()) {}
    template <class T> Parameter(std::string_view name, const std::optional<T>& value)
        : Parameter(name, value ? *value : nothing<T>()) {
        null_ = !value;
    }

    /// Null where `text` is empty: empty and null are one in the optional text columns.
    static Parameter filled(std::string_view name, std::string_view text);

    std::string_view name() const { return name_; }
    std::string_view text() const { return is_id_ ? std::string_view(id_.data(), id_.size()) : text_; }
    std::int64_t number() const { return number_; }
    bool is_number() const { return is_number_; }
    bool is_null() const { return null_; }

private:
    /// A lasting one: a temporary would be gone before the statement runs.
    template <class T> static const T& nothing() {
        static const T none{};
        return none;
    }

    std::string_view name_;
    std::string_view text_;
    std::array<char, 36> id_{};
    std::int64_t number_ = 0;
    bool is_number_ = false;
    bool is_id_ = false;
    bool null_ = false;
};

using Parameters = std::initializer_list<Parameter>;

/// One row of an answer, columns by position from 0; valid until the next row. Integers are 64 bits on both databases.
class Row {
public:
    virtual ~Row() = default;
    virtual bool is_null(std::size_t column) const = 0;
    /// Moved out; empty for null.
    virtual std::string text(std::size_t column) = 0;
    /// Throws std::invalid_argument on what is no integer.
    virtual std::int64_t number(std::size_t column) const = 0;
};

/// A statement prepared once in its session and kept: parameters by name, always the same ones in the same order.
/// Throws what SOCI throws; Session::failure makes sense of it.
class Statement {
public:
    Statement(soci::session& session, std::string text, bool refuses_nul);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Runs it for its effect; answers the number of rows changed.
    std::int64_t change(Parameters parameters);
    /// Runs it and hands over each row, of exactly `columns` columns, to the last.
    void each(std::size_t columns, Parameters parameters, const std::function<void(Row&)>& take);

private:
    struct Kept;
    Kept& prepared(std::size_t columns, Parameters parameters);
    soci::session& session_;
    std::string text_;
    bool refuses_nul_;
    std::unique_ptr<Kept> kept_;
};

/// A parameter that the database could only cut short: NUL inside text on PostgreSQL.
struct UnstorableText {};

} // namespace appointd::persistence
