#include "http/booking_view.hpp"

#include "foundation/digest.hpp"
#include "foundation/encoding.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace appointd::http {
namespace {

std::string text(const json::object* object, std::string_view name) {
    return object ? text_field(*object, name).value_or(std::string()) : std::string();
}

std::int64_t number(const json::object* object, std::string_view name) {
    return object ? int_field(*object, name).value_or(0) : 0;
}

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(json::string(text)); }
json::value or_null(const std::optional<Time>& time) {
    return time ? json::value(json::string(to_iso(*time))) : json::value(nullptr);
}

/// The link without the fields that Calendly's page fills in.
std::string without_person(const std::string& link) {
    const auto begin = link.find('?');
    const auto query = begin == link.npos ? std::nullopt : form_decode(std::string_view(link).substr(begin + 1));
    if (!query) return link.substr(0, begin);
    Fields kept;
    for (const auto& [name, value] : *query)
        if (name != "name" && name != "email") kept.emplace_back(name, value);
    return link.substr(0, begin) + (kept.empty() ? "" : "?" + form_encode(kept));
}

void read_slot(BookingView& view, const json::object* slot) {
    view.slot_phase = text(slot, "phase");
    view.invitee = text(slot, "invitee");
    view.timezone = text(slot, "timezone");
    view.cancel_url = text(slot, "cancel_url");
    view.reschedule_url = text(slot, "reschedule_url");
    if (!slot) return;
    view.start = time_field(*slot, "start");
    view.end = time_field(*slot, "end");
    if (const auto* superseded = array_field(*slot, "superseded"))
        for (const json::value& invitee : *superseded)
            if (invitee.is_string()) view.superseded.emplace_back(invitee.get_string().c_str());
}

void read_money(BookingView& view, const json::object* money) {
    view.currency = text(money, "currency");
    view.captured = number(money, "captured");
    view.refunded = number(money, "refunded");
    view.refunding = number(money, "refunding");
    view.kept = number(money, "kept");
    view.lost = number(money, "lost");
    const auto* payments = money ? array_field(*money, "payments") : nullptr;
    if (!payments) return;
    view.processing = std::any_of(payments->begin(), payments->end(),
                                  [](const json::value& payment) { return text(payment.if_object(), "phase") == "processing"; });
}

} // namespace

bool BookingView::flagged(std::string_view reason) const {
    return std::find(attention.begin(), attention.end(), reason) != attention.end();
}

bool BookingView::opens(std::string_view given) const { return !page_key.empty() && equal_in_constant_time(given, page_key); }

bool BookingView::is_invitee(std::string_view uuid) const {
    if (uuid.empty()) return false;
    const auto same = [&](std::string_view uri) { return equal_in_constant_time(last_segment(uri), uuid); };
    return same(invitee) || std::any_of(superseded.begin(), superseded.end(), same);
}

std::optional<BookingView> view_booking(const engine::WorkflowRow& row) {
    if (row.kind != "booking") return std::nullopt;
    const auto data = parse_object(row.data);
    if (!data) return std::nullopt;
    BookingView view;
    view.id = engine::to_string(row.id);
    view.state = row.state;
    view.created_at = row.created_at;
    const auto* terms = object_field(*data, "terms");
    view.session_name = text(terms, "name");
    view.place = text(terms, "place");
    view.price = number(terms, "price");
    view.currency = text(terms, "currency");
    view.page_key = text(&*data, "page_key");
    view.email = text(object_field(*data, "invitee"), "email");
    view.scheduling = text(object_field(*data, "link"), "url");
    view.checkout = text(object_field(*data, "checkout"), "url");
    const auto* meeting = object_field(*data, "meeting");
    const auto meeting_phase = text(meeting, "phase");
    if (meeting_phase != "removing" && meeting_phase != "gone") view.meeting = text(meeting, "join_url");
    read_slot(view, object_field(*data, "slot"));
    const auto asked_currency = view.currency;
    read_money(view, object_field(*data, "money"));
    if (view.currency.empty()) view.currency = asked_currency;
    const auto* ended = object_field(*data, "ended");
    view.ended_why = text(ended, "why");
    view.ended_by = text(ended, "by");
    if (const auto* attention = array_field(*data, "attention"))
        for (const json::value& flag : *attention) view.attention.push_back(text(flag.if_object(), "reason"));
    return view;
}

json::object to_json(const BookingView& view, Audience audience) {
    json::object links;
    links["scheduling"] = or_null(audience == Audience::trusted ? view.scheduling : without_person(view.scheduling));
    links["checkout"] = or_null(view.checkout);
    links["meeting"] = or_null(view.meeting);
    json::object slot;
    slot["start"] = or_null(view.start);
    slot["end"] = or_null(view.end);
    slot["timezone"] = or_null(view.timezone);
    json::object money;
    money["price"] = view.price;
    money["currency"] = or_null(view.currency);
    money["captured"] = view.captured;
    money["refunded"] = view.refunded;
    money["refunding"] = view.refunding;
    money["kept"] = view.kept;
    json::object data;
    data["id"] = view.id;
    data["state"] = view.state;
    data["session"] = or_null(view.session_name);
    data["links"] = std::move(links);
    data["slot"] = std::move(slot);
    data["money"] = std::move(money);
    data["created_at"] = to_iso(view.created_at);
    return data;
}

} // namespace appointd::http
