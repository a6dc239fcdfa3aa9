#include "adapters/notify/calendar.hpp"

#include <vector>

namespace appointd::adapters::notify {
namespace {

constexpr std::size_t longest_line = 75;

/// "20261201T090000Z"
std::string moment_text(Time time) {
    std::string text;
    for (const char c : to_iso(std::chrono::floor<std::chrono::seconds>(time)))
        if (c != '-' && c != ':') text += c;
    return text;
}

/// Backslash, semicolon, comma and newline mean something in a TEXT value.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : clean(text, false)) {
        if (c == '\\' || c == ';' || c == ',') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// A parameter value in quotes, which cannot hold a quote.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : clean(text, true))
        if (c != '"') out += c;
    return out + "\"";
}

std::string person(std::string_view property, const Mailbox& mailbox, std::string_view more) {
    std::string line(property);
    if (!mailbox.name.empty()) line += ";CN=" + quoted(mailbox.name);
    return line.append(more).append(":mailto:").append(mailbox.address);
}

void append_folded(std::string& out, std::string_view line) {
    std::size_t room = longest_line;
    while (line.size() > room) {
        std::size_t length = room;
        while (length > 1 && (static_cast<unsigned char>(line[length]) & 0xc0) == 0x80) --length;
        out.append(line.substr(0, length)).append("\r\n ");
        line.remove_prefix(length);
        room = longest_line - 1; // the space counts
    }
    out.append(line).append("\r\n");
}

} // namespace

std::string calendar_file(const Appointment& appointment) {
    std::vector<std::string> lines{"BEGIN:VCALENDAR",
                                   "VERSION:2.0",
                                   "PRODID:-//appointd//booking//EN",
                                   "CALSCALE:GREGORIAN",
                                   appointment.canceled ? "METHOD:CANCEL" : "METHOD:REQUEST",
                                   "BEGIN:VEVENT",
                                   "UID:" + escaped(appointment.uid),
                                   "DTSTAMP:" + moment_text(appointment.stamp),
                                   "DTSTART:" + moment_text(appointment.start),
                                   "DTEND:" + moment_text(appointment.end),
                                   "SEQUENCE:" + std::to_string(appointment.sequence),
                                   appointment.canceled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED",
                                   "SUMMARY:" + escaped(appointment.summary)};
    if (!appointment.description.empty()) lines.push_back("DESCRIPTION:" + escaped(appointment.description));
    if (!appointment.location.empty()) {
        lines.push_back("LOCATION:" + escaped(appointment.location));
        lines.push_back("URL:" + clean(appointment.location, true));
    }
    lines.push_back(person("ORGANIZER", appointment.organizer, ""));
    lines.push_back(person("ATTENDEE", appointment.attendee, ";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"));
    lines.insert(lines.end(), {"END:VEVENT", "END:VCALENDAR"});
    std::string out;
    for (const std::string& line : lines) append_folded(out, line);
    return out;
}

} // namespace appointd::adapters::notify
