#include "sandbox/mail/reading.hpp"

#include "foundation/digest.hpp"

#include <algorithm>
#include <optional>

namespace appointd::sandbox::mail {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
constexpr std::size_t longest_line = 998; // RFC 5322

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool same(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string without_breaks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '\r' && c != '\n' && c != ' ') out += c;
    return out;
}

std::string from_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '=' && text.substr(i + 1).starts_with("\r\n")) {
            i += 2;
        } else if (text[i] == '=' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else if (text[i] != '\r') {
            out += text[i];
        }
    }
    return out;
}

/// "=?utf-8?B?…?=" and "=?utf-8?Q?…?=" (RFC 2047); white space between two of them is nothing.
std::string decoded(std::string_view value) {
    std::string out;
    bool after_word = false;
    while (!value.empty()) {
        const auto begin = value.find("=?");
        const auto charset_end = begin == std::string_view::npos ? begin : value.find('?', begin + 2);
        const auto code_end = charset_end == std::string_view::npos ? charset_end : value.find('?', charset_end + 1);
        const auto end = code_end == std::string_view::npos ? code_end : value.find("?=", code_end + 1);
        if (end == std::string_view::npos) return out.append(value);
        const auto between = value.substr(0, begin);
        if (!after_word || between.find_first_not_of(" \t") != std::string_view::npos) out += between;
        const auto code = value.substr(charset_end + 1, code_end - charset_end - 1);
        const auto word = value.substr(code_end + 1, end - code_end - 1);
        std::string spaced(word);
        std::ranges::replace(spaced, '_', ' ');
        out += same(code, "b") ? unbase64(word).value_or("") : from_quoted_printable(spaced);
        value.remove_prefix(end + 2);
        after_word = true;
    }
    return out;
}

std::string header_of(const Headers& headers, std::string_view name) {
    for (const auto& [its_name, value] : headers)
        if (same(its_name, name)) return value;
    return {};
}

/// "boundary" of `multipart/mixed; boundary="x"`.
std::string parameter(std::string_view value, std::string_view name) {
    const auto at = value.find(std::string(name) + "=");
    if (at == std::string_view::npos) return {};
    auto rest = value.substr(at + name.size() + 1);
    if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
    return std::string(rest.substr(0, rest.find_first_of("; \t")));
}

/// The header fields, unfolded; what is behind the empty line stays in `message`.
Headers take_headers(std::string_view& message, std::vector<std::string>& faults) {
    Headers headers;
    while (!message.empty()) {
        const auto end = message.find("\r\n");
        const auto line = message.substr(0, end);
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 2);
        if (line.empty()) break;
        const bool folded = line.front() == ' ' || line.front() == '\t';
        const auto colon = line.find(':');
        if (folded && !headers.empty()) {
            headers.back().second.append(" ").append(line.substr(line.find_first_not_of(" \t")));
        } else if (colon == std::string_view::npos || colon == 0) {
            faults.push_back("a header line without a name");
        } else {
            auto value = line.substr(colon + 1);
            if (value.starts_with(' ')) value.remove_prefix(1);
            headers.emplace_back(line.substr(0, colon), value);
        }
    }
    for (auto& [name, value] : headers) value = decoded(value);
    return headers;
}

std::string body_of(const Headers& headers, std::string_view body, std::vector<std::string>& faults) {
    const auto encoding = header_of(headers, "Content-Transfer-Encoding");
    if (same(encoding, "quoted-printable")) return from_quoted_printable(body);
    if (!same(encoding, "base64")) return std::string(body);
    auto bytes = unbase64(without_breaks(body));
    if (!bytes) faults.push_back("a part is not base64");
    return bytes.value_or("");
}

void take_part(Letter& letter, const Headers& headers, std::string_view body, int depth) {
    const auto type = header_of(headers, "Content-Type");
    if (type.starts_with("multipart/") && depth < 4) {
        const std::string mark = "--" + parameter(type, "boundary");
        auto at = body.find(mark);
        while (at != std::string_view::npos && !body.substr(at + mark.size()).starts_with("--")) {
            const auto next = body.find("\r\n" + mark, at);
            if (next == std::string_view::npos) return letter.faults.push_back("a multipart body without its end");
            auto part = body.substr(at + mark.size() + 2, next - at - mark.size() - 2);
            const auto its_headers = take_headers(part, letter.faults);
            take_part(letter, its_headers, part, depth + 1);
            at = next + 2;
        }
    } else if (type.starts_with("text/calendar")) {
        letter.calendar = body_of(headers, body, letter.faults);
        letter.calendar_method = parameter(type, "method");
    } else {
        letter.text += body_of(headers, body, letter.faults);
    }
}

} // namespace

std::string Letter::header(std::string_view name) const { return header_of(headers, name); }

Letter read(std::string_view message) {
    Letter letter;
    for (std::size_t from = 0; from < message.size();) {
        const auto end = std::min(message.find("\r\n", from), message.size());
        if (end - from > longest_line) letter.faults.push_back("a line is longer than 998 bytes");
        if (message.substr(from, end - from).find_first_of("\r\n") != std::string_view::npos)
            letter.faults.push_back("a bare CR or LF");
        from = end + 2;
    }
    letter.headers = take_headers(message, letter.faults);
    take_part(letter, letter.headers, message, 0);
    for (const auto* wanted : {"Date", "From", "To", "Subject", "Message-ID", "MIME-Version"})
        if (letter.header(wanted).empty()) letter.faults.push_back(std::string(wanted) + " is missing");
    return letter;
}

} // namespace appointd::sandbox::mail
