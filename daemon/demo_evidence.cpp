#include "daemon/demo_evidence.hpp"

namespace appointd::demo {

namespace {

std::string text(const json::object& object, std::string_view name) { return text_field(object, name).value_or(""); }
std::int64_t number(const json::object& object, std::string_view name) { return int_field(object, name).value_or(0); }

template <class Take> void each(const json::object& ledger, std::string_view name, Take take) {
    if (const json::array* rows = array_field(ledger, name))
        for (const json::value& row : *rows)
            if (row.is_object()) take(row.get_object());
}

std::string last_segment(const std::string& uri) { return uri.substr(uri.rfind('/') + 1); }

void take_payment(Evidence& evidence, const json::object& row) {
    const std::string currency = text(row, "currency");
    evidence.payments.push_back({text(row, "payment"), currency, number(row, "captured")});
    each(row, "refunds", [&](const json::object& refund) {
        evidence.refunds.push_back(
            {text(refund, "refund"), text(refund, "refund_id"), text(refund, "status"), currency, number(refund, "amount")});
    });
}

} // namespace

AllEvidence evidence_of(const json::object& ledger, const std::vector<Run>& runs) {
    AllEvidence all;
    std::map<std::string, std::string> takers; // of a seat: the booking
    for (const Run& run : runs)
        for (const std::string& invitee : run.invitees) takers[invitee] = run.booking;
    each(ledger, "payments", [&](const json::object& row) {
        if (const std::string booking = text(row, "booking"); !booking.empty()) take_payment(all[booking], row);
    });
    each(ledger, "sessions", [&](const json::object& row) {
        if (const std::string booking = text(row, "booking"); !booking.empty() && text(row, "status") == "open")
            ++all[booking].open_checkouts;
    });
    each(ledger, "meetings", [&](const json::object& row) {
        if (const std::string booking = text(row, "marker"); !booking.empty())
            all[booking].meetings.push_back(
                {text(row, "meeting"), time_field(row, "start").value_or(Time{}), text(row, "status") != "deleted"});
    });
    each(ledger, "invitees", [&](const json::object& row) {
        const std::string invitee = last_segment(text(row, "invitee"));
        const auto taker = takers.find(invitee);
        if (taker != takers.end() && !taker->second.empty())
            all[taker->second].seats.push_back({invitee, time_field(row, "start").value_or(Time{}),
                                                text(row, "status") == "active", last_segment(text(row, "new_invitee"))});
    });
    return all;
}

void add_mails(AllEvidence& all, const json::object& mailbox) {
    each(mailbox, "items", [&](const json::object& row) {
        const std::string about = text(row, "about"), body = text(row, "text");
        if (about == "attention") return; // the operator's
        // The link that people click, and the calendar's, which is folded.
        const auto place = body.find("/j/");
        const std::string link = place == std::string::npos ? "" : body.substr(place, body.find('\n', place) - place);
        std::string calendar;
        for (const char c : text(row, "calendar"))
            if (c != '\r' && c != '\n' && c != ' ') calendar += c;
        const json::array* faults = array_field(row, "faults");
        all[text(row, "booking")].mails.push_back({about, text(row, "message_id"),
                                                   !link.empty() && calendar.find(link) != std::string::npos,
                                                   !faults || !faults->empty()});
    });
}

} // namespace appointd::demo
