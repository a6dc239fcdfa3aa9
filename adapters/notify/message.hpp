#pragma once

#include "foundation/result.hpp"
#include "foundation/time.hpp"

#include <string>
#include <string_view>

/// E-mail as bytes: RFC 5322 and MIME. Whatever comes in, no line of a header ends before its time: control characters are gone,
/// text beyond ASCII is encoded, and an address is an address.
namespace appointd::adapters::notify {

struct Mailbox {
    std::string name; ///< may be empty
    std::string address;
};

/// One address of plain ASCII that fits a header and an SMTP envelope as it is.
bool is_address(std::string_view text);
/// "Ann Poe <ann@example.org>" or a bare address. Error bad_address.
Result<Mailbox> parse_mailbox(std::string_view text);

struct Message {
    Mailbox from, to;
    std::string subject, text; ///< UTF-8; lines of the text end with \n
    std::string message_id;    ///< without angle brackets
    std::string about;         ///< the kind, for filters: "confirmed"
    Time date{};
    std::string calendar;        ///< a calendar file, or empty
    std::string calendar_method; ///< "REQUEST", "CANCEL"
};

/// Header and body with CRLF line ends, no line longer than 998 bytes. The same message gives the same bytes.
std::string render(const Message& message);

/// RFC 2047 where needed: "Caf\u00e9" becomes "=?utf-8?B?…?=", in words of at most 75 bytes, folded.
std::string header_text(std::string_view text);
/// RFC 2045, lines of at most 76 characters and CRLF.
std::string quoted_printable(std::string_view text);
/// UTF-8 without control characters other than tab and newline; broken sequences become "?".
std::string clean(std::string_view text, bool one_line);

} // namespace appointd::adapters::notify
