#include "adapters/notify/message.hpp"

#include "foundation/digest.hpp"

#include <algorithm>
#include <array>

namespace appointd::adapters::notify {
namespace {

constexpr std::size_t longest_address = 254, encoded_chunk = 45, base64_line = 76; // 45 bytes: 60 characters of base64

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// "Tue, 01 Dec 2026 09:00:00 +0000"
std::string date_text(Time time) {
    static constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{days};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time - days).count();
    return std::string(weekdays[std::chrono::weekday(days).c_encoding()]) + ", " + two(static_cast<unsigned>(date.day())) + " " +
           months[static_cast<unsigned>(date.month()) - 1] + " " + std::to_string(static_cast<int>(date.year())) + " " +
           two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60) + " +0000";
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// What UTF-8 forbids although its bits would fit: longer forms than needed, surrogates, and what is beyond U+10FFFF.
bool is_forbidden(unsigned char first, unsigned char second) {
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
           (first == 0xf4 && second > 0x8f);
}

/// Words of at most 75 bytes, each whole characters, folded.
std::string encoded_words(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = std::min(encoded_chunk, text.size() - i);
        while (i + length < text.size() && length > 1 && is_continuation(text[i + length])) --length;
        out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64(text.substr(i, length)) + "?=";
        i += length;
    }
    return out;
}

std::string mailbox_text(const Mailbox& mailbox) {
    const std::string name = clean(mailbox.name, true);
    if (name.empty()) return mailbox.address;
    const bool plain = std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '_';
    });
    if (plain && name.size() <= 60) return name + " <" + mailbox.address + ">";
    // Encoded words never need quoting, and a quoted name with strange characters is read differently everywhere.
    return encoded_words(name) + "\r\n <" + mailbox.address + ">";
}

std::string base64_lines(std::string_view bytes) {
    const std::string text = base64(bytes);
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += base64_line) out += text.substr(i, base64_line) + "\r\n";
    return out;
}

std::string text_part(std::string_view text) {
    return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quoted_printable(text);
}

std::string calendar_part(const Message& message) {
    return "Content-Type: text/calendar; charset=utf-8; method=" + message.calendar_method +
           "; name=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n"
           "Content-Disposition: attachment; filename=\"invite.ics\"\r\n\r\n" +
           base64_lines(message.calendar);
}

} // namespace

std::string clean(std::string_view text, bool one_line) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            const bool kept = first >= 0x20 && first != 0x7f;
            if (kept || (!one_line && (first == '\n' || first == '\t')))
                out += text[i];
            else if (first == '\n' || first == '\r' || first == '\t')
                out += out.ends_with(' ') ? "" : " ";
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
        const auto rest = text.substr(i + 1, length == 0 ? 0 : length - 1);
        const bool whole = length > 0 && first < 0xf5 && rest.size() == length - 1 &&
                           std::ranges::all_of(rest, is_continuation) &&
                           !is_forbidden(first, static_cast<unsigned char>(rest[0]));
        // U+0080 to U+009F are control characters too
        const bool control = whole && first == 0xc2 && static_cast<unsigned char>(rest[0]) < 0xa0;
        if (!whole)
            out += '?';
        else if (!control)
            out += text.substr(i, length);
        i += whole ? length : 1;
    }
    return out;
}

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (text.size() > longest_address || at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
    return text.find('@') == at && std::ranges::all_of(text, [](char c) {
               return c > 0x20 && c < 0x7f && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
           });
}

Result<Mailbox> parse_mailbox(std::string_view text) {
    Mailbox mailbox{"", std::string(text)};
    if (const auto open = text.find('<'); open != std::string_view::npos && text.ends_with('>')) {
        auto name = text.substr(0, open);
        while (name.ends_with(' ')) name.remove_suffix(1);
        if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
        mailbox = {std::string(name), std::string(text.substr(open + 1, text.size() - open - 2))};
    }
    if (!is_address(mailbox.address)) return Error{"bad_address", "expected ann@example.org or Ann Poe <ann@example.org>"};
    return mailbox;
}

std::string header_text(std::string_view text) {
    const std::string plain = clean(text, true);
    const bool ascii = std::ranges::all_of(plain, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii && plain.size() <= 60 && plain.find("=?") == std::string::npos) return plain;
    return encoded_words(plain);
}

std::string quoted_printable(std::string_view text) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    std::size_t line = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\r\n";
            line = 0;
            continue;
        }
        const bool at_end = i + 1 == text.size() || text[i + 1] == '\n';
        const bool blank = c == ' ' || c == '\t';
        const bool plain = (c > 0x20 && c < 0x7f && c != '=') || (blank && !at_end);
        if (line + (plain ? 1 : 3) > 75) { // the 76th is the soft break's
            out += "=\r\n";
            line = 0;
        }
        const auto code = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out += {'=', hex[code >> 4], hex[code & 15]};
        line += plain ? 1 : 3;
    }
    if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
    return out;
}

std::string render(const Message& message) {
    std::string out = "Date: " + date_text(message.date) + "\r\n";
    out += "From: " + mailbox_text(message.from) + "\r\n";
    out += "To: " + mailbox_text(message.to) + "\r\n";
    out += "Subject: " + header_text(message.subject) + "\r\n";
    out += "Message-ID: <" + message.message_id + ">\r\n";
    out += "Auto-Submitted: auto-generated\r\n";
    out += "Appointd-Message: " + message.about + "\r\n";
    out += "MIME-Version: 1.0\r\n";
    const std::string text = clean(message.text, false);
    if (message.calendar.empty()) return out + text_part(text);
    // Base64 and quoted-printable have no line that begins like this: a quoted "=" is followed by hexadecimal digits.
    const std::string boundary = "=_" + sha256_hex(message.message_id).substr(0, 32);
    out += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    out += "--" + boundary + "\r\n" + text_part(text);
    out += "\r\n--" + boundary + "\r\n" + calendar_part(message);
    return out + "\r\n--" + boundary + "--\r\n";
}

} // namespace appointd::adapters::notify
