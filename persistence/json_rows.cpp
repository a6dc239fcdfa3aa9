#include "persistence/json_rows.hpp"

#include <charconv>

namespace appointd::persistence {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// Bytes that JSON text cannot hold as they are. Bytes above 0x7f go as they came: the database says whether they are UTF-8.
constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte] = true;
    table['"'] = table['\\'] = true;
    return table;
}();

} // namespace

std::array<char, 36> uuid_text(const engine::Uuid& id) {
    std::array<char, 36> text;
    std::size_t at = 0;
    for (std::size_t byte = 0; byte < 16; ++byte) {
        if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text[at++] = '-';
        const auto value = id.data[byte];
        text[at++] = digits[value >> 4];
        text[at++] = digits[value & 15];
    }
    return text;
}

void JsonRows::begin_row() {
    if (text_.size() > 1) text_ += ',';
    text_ += '{';
}

void JsonRows::name(std::string_view name) {
    if (text_.back() != '{') text_ += ',';
    text_ += '"';
    text_ += name;
    text_ += "\":";
}

void JsonRows::quoted(std::string_view text) {
    text_ += '"';
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (!needs_escape[byte]) continue;
        text_.append(text, begin, at - begin);
        begin = at + 1;
        if (byte == '"' || byte == '\\') {
            text_ += '\\';
            text_ += text[at];
        } else if (byte == '\n') {
            text_ += "\\n";
        } else {
            text_ += "\\u00";
            text_ += digits[byte >> 4];
            text_ += digits[byte & 15];
        }
    }
    text_.append(text, begin, text.size() - begin);
    text_ += '"';
}

void JsonRows::field(std::string_view name_, std::string_view text) {
    name(name_);
    quoted(text);
}

void JsonRows::field(std::string_view name_, std::int64_t number) {
    name(name_);
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    text_.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

void JsonRows::field(std::string_view name_, bool flag) {
    name(name_);
    text_ += flag ? "true" : "false";
}

void JsonRows::field(std::string_view name_, const engine::Uuid& id) {
    name(name_);
    const auto text = uuid_text(id);
    text_ += '"';
    text_.append(text.data(), text.size());
    text_ += '"';
}

void JsonRows::text(std::string_view text) {
    if (text_.size() > 1) text_ += ',';
    quoted(text);
}

void JsonRows::text(const engine::Uuid& id) {
    const auto text = uuid_text(id);
    this->text(std::string_view(text.data(), text.size()));
}

std::string JsonRows::finish() && {
    text_ += ']';
    return std::move(text_);
}

void TextArray::add(std::string_view text) {
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    std::size_t begin = 0;
    for (std::size_t at = text.find_first_of("\"\\"); at != text.npos; at = text.find_first_of("\"\\", at + 1)) {
        text_.append(text, begin, at - begin);
        text_ += '\\';
        begin = at;
    }
    text_.append(text, begin);
    text_ += '"';
}

void TextArray::add_null() { text_ += text_.size() > 1 ? ",null" : "null"; }

std::string TextArray::finish() && {
    text_ += '}';
    return std::move(text_);
}

} // namespace appointd::persistence
