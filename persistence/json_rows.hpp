#pragma once

#include "engine/core/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace appointd::persistence {

/// 36 lower-case characters, without an allocation.
std::array<char, 36> uuid_text(const engine::Uuid& id);

/// Builds a JSON array of rows as text, appending: one statement parameter a table. Absent fields are null to the database.
class JsonRows {
public:
    JsonRows() : text_("[") {}

    void begin_row();
    void field(std::string_view name, std::string_view text);
    void field(std::string_view name, const std::string& text) { field(name, std::string_view(text)); }
    void field(std::string_view name, const char* text) { field(name, std::string_view(text)); }
    void field(std::string_view name, std::int64_t number);
    void field(std::string_view name, int number) { field(name, static_cast<std::int64_t>(number)); }
    void field(std::string_view name, bool flag);
    void field(std::string_view name, Time time) { field(name, to_micros(time)); }
    void field(std::string_view name, const engine::Uuid& id);
    template <class Tag, class T> void field(std::string_view name, const Strong<Tag, T>& value) { field(name, value.get()); }
    template <class T> void field(std::string_view name, const std::optional<T>& value) {
        if (value) field(name, *value);
    }
    /// Nothing where it is empty: empty and null are one in the optional text columns.
    void filled(std::string_view name, std::string_view text) {
        if (!text.empty()) field(name, text);
    }
    void end_row() { text_ += '}'; }

    /// An element that is a text itself.
    void text(std::string_view text);
    void text(const engine::Uuid& id);

    std::string finish() &&;

private:
    void name(std::string_view name);
    void quoted(std::string_view text);
    std::string text_;
};

/// Builds the text of an array of texts, appending: the wide columns of rows, each in its row's place.
class TextArray {
public:
    TextArray() : text_("{") {}

    void add(std::string_view text);
    void add_null();
    /// Null where it is empty: empty and null are one in the optional text columns.
    void add_filled(std::string_view text) { text.empty() ? add_null() : add(text); }

    std::string finish() &&;

private:
    std::string text_;
};

} // namespace appointd::persistence
