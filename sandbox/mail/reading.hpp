#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reads an e-mail as a mail program does (RFC 5322, MIME): its header decoded, its text, its calendar file. A reading of its
/// own: it checks what the daemon writes.
namespace appointd::sandbox::mail {

struct Letter {
    std::vector<std::pair<std::string, std::string>> headers; ///< names as written, values unfolded and decoded
    std::string text;                                         ///< of text/plain
    std::string calendar, calendar_method;                    ///< of text/calendar
    std::vector<std::string> faults;                          ///< what a strict reader would object to

    /// Empty where there is none.
    std::string header(std::string_view name) const;
};

Letter read(std::string_view message);

} // namespace appointd::sandbox::mail
