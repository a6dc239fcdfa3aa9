#pragma once

#include "foundation/time.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Builds compact JSON text directly: a booking is written at every transition, and a tree of values costs ten times as much.
namespace appointd::booking {

class JsonText {
public:
    explicit JsonText(std::size_t expected) { text_.reserve(expected); }

    void open_object() { value('{'); }
    void close_object() { close('}'); }
    void open_array() { value('['); }
    void close_array() { close(']'); }
    void open_object(std::string_view name) { key(name), open_object(); }
    void open_array(std::string_view name) { key(name), open_array(); }

    void key(std::string_view name) {
        comma();
        text_ += '"';
        text_ += name;
        text_ += "\":";
        first_ = true;
    }
    void string(std::string_view content) {
        comma();
        quote(content);
        first_ = false;
    }
    void number(std::int64_t content) {
        comma();
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, content).ptr;
        text_.append(digits, end);
        first_ = false;
    }
    /// JSON that is already text.
    void raw(std::string_view content) {
        comma();
        text_ += content;
        first_ = false;
    }

    // Fields that are left out where they say nothing.
    void field(std::string_view name, std::string_view content) {
        if (!content.empty()) key(name), string(content);
    }
    void field(std::string_view name, std::int64_t content) {
        if (content != 0) key(name), number(content);
    }
    void field(std::string_view name, const std::optional<Time>& content) {
        if (content) key(name), string(to_iso(*content));
    }
    void flag(std::string_view name, bool content) {
        if (content) key(name), raw("true");
    }
    // Fields that outside programs read: always there.
    void always(std::string_view name, std::int64_t content) { key(name), number(content); }
    void or_null(std::string_view name, std::string_view content) {
        key(name);
        if (content.empty())
            raw("null");
        else
            string(content);
    }

    std::string take() { return std::move(text_); }

private:
    void comma() {
        if (!first_) text_ += ',';
    }
    void value(char bracket) {
        comma();
        text_ += bracket;
        first_ = true;
    }
    void close(char bracket) {
        text_ += bracket;
        first_ = false;
    }
    void quote(std::string_view content) {
        static constexpr char hex[] = "0123456789abcdef";
        text_ += '"';
        for (const char c : content) {
            const auto code = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                text_ += '\\';
                text_ += c;
            } else if (code < 0x20) {
                text_ += "\\u00";
                text_ += hex[code >> 4];
                text_ += hex[code & 15];
            } else {
                text_ += c;
            }
        }
        text_ += '"';
    }

    std::string text_;
    bool first_ = true;
};

} // namespace appointd::booking
