#include "sandbox/stripe/machine.hpp"

namespace appointd::sandbox::stripe {
namespace {

std::string amount_text(std::int64_t amount, const std::string& currency) {
    std::string cents = std::to_string(amount % 100);
    if (cents.size() < 2) cents.insert(0, "0");
    return std::to_string(amount / 100) + "." + cents + " " + currency;
}

std::string success_target(const Session& session) {
    static constexpr std::string_view hole = "{CHECKOUT_SESSION_ID}";
    std::string url = session.success_url;
    for (std::size_t at = url.find(hole); at != std::string::npos; at = url.find(hole)) url.replace(at, hole.size(), session.id);
    return url;
}

} // namespace

net::Response Machine::page(const Call& call, Time now) {
    tick(now);
    const Session* session = call.segments.size() == 1 ? state_.sessions.find(call.segments[0]) : nullptr;
    if (!session) return html_response(404, "Not found", "<p>There is no such checkout.</p>");
    if (session->status == "complete") return redirect_response(success_target(*session));
    if (session->status == "expired") return html_response(410, "This checkout has expired", "<p>Nothing was charged.</p>");
    std::string notice;
    if (call.method == "POST") {
        const Fields fields = form_decode(call.body).value_or(Fields{});
        const std::string action = find_field(fields, "action").value_or("");
        Payment payment;
        payment.email = find_field(fields, "email").value_or("");
        if (action == "pay" && pay(session->id, payment, now)) return redirect_response(success_target(*session));
        if (action == "later" && pay_later(session->id, payment, now)) return redirect_response(success_target(*session));
        if (action == "decline" && decline(session->id, "generic_decline", now))
            notice = "Your card was declined. Try another one.";
    }
    std::string body;
    if (!notice.empty()) body += "<p role=\"alert\"><strong>" + notice + "</strong></p>";
    body += "<ul>";
    for (const json::value& line : session->line_items)
        body += "<li>" + escape_html(text_field(line.as_object(), "description").value_or("")) + "</li>";
    body += "</ul><p><strong>" + escape_html(amount_text(session->subtotal, session->currency)) + "</strong></p>";
    body += "<form method=\"post\"><label>E-mail <input type=\"email\" name=\"email\" value=\"" +
            escape_html(session->customer_email) + "\"></label>";
    body += "<button class=\"main\" name=\"action\" value=\"pay\">Pay</button>"
            "<button name=\"action\" value=\"decline\">Pay with a card that is declined</button>"
            "<button name=\"action\" value=\"later\">Pay by a method that settles later</button></form>";
    if (!session->cancel_url.empty()) body += "<p><a href=\"" + escape_html(session->cancel_url) + "\">Back</a></p>";
    return html_response(200, "Checkout", body);
}

} // namespace appointd::sandbox::stripe
