#include "daemon/demo_evidence.hpp"

#include "foundation/encoding.hpp"

namespace appointd::demo {

namespace {

void take_payment(Evidence& evidence, const json::object& row) {
    const std::string currency = text_or_empty(row, "currency");
    evidence.payments.push_back({text_or_empty(row, "payment"), currency, int_or_zero(row, "captured")});
    each_object(row, "refunds", [&](const json::object& refund) {
        evidence.refunds.push_back({text_or_empty(refund, "refund"), text_or_empty(refund, "refund_id"),
                                    text_or_empty(refund, "status"), currency, int_or_zero(refund, "amount")});
    });
}

} // namespace

AllEvidence evidence_of(const json::object& ledger, const std::vector<Run>& runs) {
    AllEvidence all;
    std::map<std::string, std::string> takers; // of a seat: the booking
    for (const Run& run : runs)
        for (const std::string& invitee : run.invitees) takers[invitee] = run.booking;
    each_object(ledger, "payments", [&](const json::object& row) {
        if (const std::string booking = text_or_empty(row, "booking"); !booking.empty()) take_payment(all[booking], row);
    });
    each_object(ledger, "sessions", [&](const json::object& row) {
        if (const std::string booking = text_or_empty(row, "booking"); !booking.empty() && text_or_empty(row, "status") == "open")
            ++all[booking].open_checkouts;
    });
    each_object(ledger, "meetings", [&](const json::object& row) {
        if (const std::string booking = text_or_empty(row, "marker"); !booking.empty())
            all[booking].meetings.push_back({text_or_empty(row, "meeting"), time_field(row, "start").value_or(Time{}),
                                             text_or_empty(row, "status") != "deleted"});
    });
    each_object(ledger, "invitees", [&](const json::object& row) {
        const std::string invitee = last_segment(text_or_empty(row, "invitee"));
        const auto taker = takers.find(invitee);
        if (taker != takers.end() && !taker->second.empty())
            all[taker->second].seats.push_back({invitee, time_field(row, "start").value_or(Time{}),
                                                text_or_empty(row, "status") == "active",
                                                last_segment(text_or_empty(row, "new_invitee"))});
    });
    return all;
}

void add_mails(AllEvidence& all, const json::object& mailbox) {
    each_object(mailbox, "items", [&](const json::object& row) {
        const std::string about = text_or_empty(row, "about"), body = text_or_empty(row, "text");
        if (about == "attention") return; // the operator's
        // The link that people click, and the calendar's, which is folded.
        const auto place = body.find("/j/");
        const std::string link = place == std::string::npos ? "" : body.substr(place, body.find('\n', place) - place);
        std::string calendar;
        for (const char c : text_or_empty(row, "calendar"))
            if (c != '\r' && c != '\n' && c != ' ') calendar += c;
        const json::array* faults = array_field(row, "faults");
        all[text_or_empty(row, "booking")].mails.push_back({about, text_or_empty(row, "message_id"),
                                                            !link.empty() && calendar.find(link) != std::string::npos,
                                                            !faults || !faults->empty()});
    });
}

} // namespace appointd::demo
