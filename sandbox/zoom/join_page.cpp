#include "sandbox/zoom/machine.hpp"

namespace appointd::sandbox::zoom {

net::Response Machine::page(const Call& call, Time now) {
    const std::string id = call.segments.size() == 1 ? call.segments[0] : "";
    if (!alive(id)) return html_response(404, "Not found", "<p>This meeting does not exist.</p>");
    std::string notice;
    if (call.method == "POST") {
        const Fields fields = form_decode(call.body).value_or(Fields{});
        const std::string action = find_field(fields, "action").value_or("");
        const auto at = parse_iso(find_field(fields, "at").value_or("")).value_or(now);
        const std::string name = find_field(fields, "name").value_or("Ann Poe");
        if (action == "start" && !start(id, at, now)) notice = "It is running already.";
        if (action == "join" && !join(id, name, false, at, now)) notice = "Wait for the host to start it.";
        if (action == "leave" && !leave(id, name, at, now)) notice = "Nobody of that name is in.";
        if (action == "end" && !end(id, at, now)) notice = "It is not running.";
    }
    const Meeting& meeting = *alive(id);
    std::string body = "<p>" + whole_seconds(meeting.start) + ", " + std::to_string(meeting.duration) + " minutes, " +
                       (meeting.running() ? "running" : "waiting") + ".</p>";
    if (!notice.empty()) body += "<p role=\"alert\"><strong>" + notice + "</strong></p>";
    body += "<form method=\"post\"><label>Name <input name=\"name\" value=\"Ann Poe\"></label>"
            "<label>At this moment (now, if empty) <input name=\"at\" placeholder=\"" +
            whole_seconds(meeting.start) +
            "\"></label><button class=\"main\" name=\"action\" value=\"join\">Join</button>"
            "<button name=\"action\" value=\"leave\">Leave</button><button name=\"action\" value=\"start\">Start (host)</button>"
            "<button name=\"action\" value=\"end\">End (host)</button></form>";
    return html_response(200, meeting.topic, body);
}

} // namespace appointd::sandbox::zoom
