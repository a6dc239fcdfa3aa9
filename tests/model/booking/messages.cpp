#include "tests/model/booking/messages.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>

namespace appointd::model {
namespace {

constexpr std::string_view calendly = "https://api.calendly.com/scheduled_events/E";

const Seat& seat(const Providers& world, int n) { return world.seats.at(static_cast<std::size_t>(n - 1)); }
const Charge& charge_of(const Providers& world, int n) { return world.charges.at(static_cast<std::size_t>(n - 1)); }
std::string event_uri(int n) { return std::string(calendly) + std::to_string(n); }
std::string_view status_of(Back::Phase phase) {
    return phase == Back::pending ? "pending" : phase == Back::succeeded ? "succeeded" : "failed";
}

Message message(std::string_view type, std::string_view source, const json::object& payload, Time at, std::string brief) {
    return {.type = std::string(type),
            .source = std::string(source),
            .payload = json::serialize(payload),
            .at = at,
            .brief = std::string(type) + (brief.empty() ? "" : " " + brief)};
}

} // namespace

engine::WorkflowId booking_id() {
    static const auto id = engine::make_workflow_id(monday, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    return id;
}

std::string invitee_uri(int n) { return event_uri(n) + "/invitees/I" + std::to_string(n); }
std::string session_id(int n) { return "cs_" + std::to_string(n); }
std::string payment_id(int n) { return "pi_" + std::to_string(n); }
std::string refund_id(int n) { return "re_" + std::to_string(n); }
std::string meeting_id(int n) { return "mt_" + std::to_string(n); }

int number_in(std::string_view id) {
    auto first = id.size();
    while (first > 0 && id[first - 1] >= '0' && id[first - 1] <= '9') --first;
    int number = 0;
    std::from_chars(id.data() + first, id.data() + id.size(), number);
    return number;
}

json::object slot_facts(const Scenario& scenario, const Providers& world, int n) {
    const Seat& invitee = seat(world, n);
    json::object facts{
        {"invitee", invitee_uri(n)},
        {"event", event_uri(n)},
        {"name", "Ann Poe"},
        {"email", "ann@example.org"},
        {"timezone", "Europe/Berlin"},
        {"start", to_iso(invitee.start)},
        {"end", to_iso(invitee.start + 1h)},
        {"created_at", to_iso(invitee.created)},
        {"group", scenario.group},
        {"location", json::object{{"type", scenario.location.empty() ? "custom" : scenario.location}, {"join_url", nullptr}}},
        {"event_type", "https://api.calendly.com/event_types/T1"},
        {"session_type", "coaching-60"},
        {"terms", scenario.terms},
        {"claim", scenario.direct ? json::value(nullptr) : json::value(engine::to_string(booking_id()))},
        {"payment", scenario.paid_there ? json::value(json::object{{"amount_text", "99.99"}, {"currency", "usd"}}) : nullptr},
        {"cancel_url", "https://calendly.com/cancellations/I1"},
        {"reschedule_url", "https://calendly.com/reschedulings/I1"}};
    if (invitee.before) facts["old_invitee"] = invitee_uri(invitee.before);
    return facts;
}

Message slot_seen(const Scenario& scenario, const Providers& world, int n, std::string_view source) {
    const Seat& invitee = seat(world, n);
    auto told = message(invitee.before ? "slot.moved" : "slot.taken", source, slot_facts(scenario, world, n), invitee.created,
                        "I" + std::to_string(n));
    told.to = To::new_slot;
    told.a = n;
    told.b = invitee.before;
    told.claim = !scenario.direct;
    return told;
}

Message slot_left(const Providers& world, int n, std::string_view source) {
    const Seat& invitee = seat(world, n);
    json::object payload{{"invitee", invitee_uri(n)},
                         {"event", event_uri(n)},
                         {"at", to_iso(invitee.canceled_at)},
                         {"by", invitee.by_host ? "host" : "invitee"}};
    if (invitee.next) payload["new_invitee"] = invitee_uri(invitee.next);
    auto told = message(invitee.next ? "slot.moving" : "slot.canceled", source, payload, invitee.canceled_at,
                        "I" + std::to_string(n) + (invitee.by_host ? " by the host" : ""));
    told.to = To::slot;
    told.a = n;
    told.b = invitee.next;
    return told;
}

Message no_show(int n, bool set, Time at) {
    auto told = message(set ? "no_show.set" : "no_show.cleared", "calendly", {{"invitee", invitee_uri(n)}, {"at", to_iso(at)}},
                        at, "I" + std::to_string(n));
    told.to = To::slot;
    told.a = n;
    return told;
}

Message captured(const Providers& world, int n, bool by_session) {
    const Charge& charge = charge_of(world, n);
    json::object payload{{"payment", payment_id(n)},
                         {"session", by_session ? json::value(session_id(charge.session)) : json::value(nullptr)},
                         {"amount", charge.amount},
                         {"currency", "usd"},
                         {"booking", engine::to_string(booking_id())}};
    if (by_session) {
        payload["subtotal"] = charge.amount;
        payload["discount"] = 0;
        payload["tax"] = 0;
    }
    return message("payment.captured", "stripe", payload, {},
                   payment_id(n) + (by_session ? " of " + session_id(charge.session) : ""));
}

Message of_charge(std::string_view type, const Providers& world, int n, Time at, std::string_view source) {
    const int session = charge_of(world, n).session;
    json::object payload{{"payment", payment_id(n)}, {"booking", engine::to_string(booking_id())}};
    if (type == "payment.declined")
        payload["code"] = "card_declined";
    else
        payload["session"] = session ? json::value(session_id(session)) : json::value(nullptr);
    return message(type, source, payload, at, payment_id(n));
}

Message session_expired(int session, Time at) {
    return message("checkout.expired", "stripe", {{"session", session_id(session)}, {"booking", engine::to_string(booking_id())}},
                   at, session_id(session));
}

Message of_refund(const Providers& world, int n, Time at) {
    const Back& back = world.backs.at(static_cast<std::size_t>(n - 1));
    const auto status = status_of(back.phase);
    auto told = message("refund." + std::string(status), "stripe",
                        {{"refund", refund_id(n)},
                         {"payment", payment_id(back.charge)},
                         {"our_refund", back.ours.empty() ? json::value(nullptr) : json::value(back.ours)},
                         {"amount", back.amount},
                         {"currency", "usd"},
                         {"status", status}},
                        at, refund_id(n) + " " + std::to_string(back.amount));
    told.to = back.ours.empty() ? To::payment : To::booking;
    told.a = back.charge;
    return told;
}

Message refund_hint(const Providers& world, int n, Time at) {
    std::int64_t sum = 0;
    for (const Back& back : world.backs)
        if (back.charge == n && back.phase != Back::failed) sum += back.amount;
    auto told = message("refund.hint", "stripe",
                        {{"payment", payment_id(n)}, {"charge", "ch"}, {"amount_refunded", sum}, {"currency", "usd"}}, at,
                        payment_id(n) + " " + std::to_string(sum));
    told.to = To::payment;
    told.a = n;
    return told;
}

Message of_dispute(std::string_view type, const Providers& world, int n, Time at) {
    const Charge& charge = charge_of(world, n);
    auto told = message(type, "stripe",
                        {{"dispute", "du_" + std::to_string(n)},
                         {"payment", payment_id(n)},
                         {"amount", charge.amount},
                         {"currency", "usd"},
                         {"status", "x"},
                         {"inquiry", charge.dispute == Charge::inquiry}},
                        at, "du_" + std::to_string(n) + (charge.dispute == Charge::inquiry ? " (inquiry)" : ""));
    told.to = To::payment;
    told.a = n;
    return told;
}

Message of_meeting(std::string_view type, int n, Time at, json::object more) {
    more["meeting"] = meeting_id(n);
    return message(type, "zoom", more, at, meeting_id(n));
}

Message by_operator(std::string_view what, json::object more, Time at, std::string brief) {
    more["actor"] = "eve";
    if (!more.contains("reason")) more["reason"] = "she asked";
    more["at"] = to_iso(at);
    return message("operator." + std::string(what), "operator", more, at, std::move(brief));
}

json::object session_facts(const Providers& world, int n) {
    const auto& sessions = world.sessions;
    const bool known =
        n >= 1 && n <= static_cast<int>(sessions.size()) && sessions[static_cast<std::size_t>(n - 1)].phase != Session::unborn;
    if (!known) return {{"session", nullptr}, {"status", "none"}};
    const Session& session = sessions[static_cast<std::size_t>(n - 1)];
    static constexpr const char* statuses[]{"none", "open", "complete", "expired"};
    json::object facts{{"session", session_id(n)}, {"status", statuses[session.phase]}};
    if (session.phase != Session::complete) return facts;
    const Charge& charge = charge_of(world, session.charge);
    facts["payment"] = payment_id(session.charge);
    facts["payment_status"] = charge.phase == Charge::captured ? "paid" : "unpaid";
    facts["amount"] = charge.amount;
    facts["subtotal"] = charge.amount;
    facts["discount"] = 0;
    facts["tax"] = 0;
    facts["currency"] = "usd";
    return facts;
}

json::array refunds_listed(const Providers& world, int charge) {
    json::array list;
    for (std::size_t i = 0; i < world.backs.size(); ++i) {
        const Back& back = world.backs[i];
        if (back.charge != charge) continue;
        list.push_back(json::object{{"refund", refund_id(static_cast<int>(i) + 1)},
                                    {"our_refund", back.ours.empty() ? json::value(nullptr) : json::value(back.ours)},
                                    {"amount", back.amount},
                                    {"status", status_of(back.phase)}});
    }
    return list;
}

std::string key_of(const Message& m) {
    std::string key = m.type;
    for (const auto& part : {m.source, m.payload, std::to_string(to_micros(m.at)), std::to_string(static_cast<int>(m.to)),
                             std::to_string(m.a), std::to_string(m.b)}) {
        key += '\x1f';
        key += part;
    }
    return key;
}

} // namespace appointd::model
