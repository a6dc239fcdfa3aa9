#include "sandbox/ledger.hpp"

#include "sandbox/calendly/render.hpp"

#include <boost/json/array.hpp>

namespace appointd::sandbox {
namespace {

using Groups = std::map<std::string, std::vector<std::string>>;

bool returns_money(const stripe::Refund& refund) { return refund.status != "failed" && refund.status != "canceled"; }

/// Captured, and neither went back nor is on its way.
bool holds_money(const stripe::State& state, const stripe::PaymentIntent& intent) {
    const stripe::Charge* charge = state.charges.find(intent.latest_charge);
    return intent.status == "succeeded" && charge && charge->amount_refunded < charge->amount;
}

std::string booking_of(const stripe::Session& session) {
    return text_field(session.metadata, "booking_id").value_or(session.client_reference_id);
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

/// Refunds and disputes by their payment, so that a large ledger is told in one pass.
struct Claims {
    explicit Claims(const stripe::State& state) {
        for (const stripe::Refund& refund : state.refunds) refunds.emplace(refund.payment_intent, &refund);
        for (const stripe::Dispute& dispute : state.disputes) disputes.emplace(dispute.payment_intent, &dispute);
    }
    std::multimap<std::string, const stripe::Refund*> refunds;
    std::multimap<std::string, const stripe::Dispute*> disputes;
};

json::object payment_json(const stripe::State& state, const stripe::PaymentIntent& intent, const Claims& claims) {
    std::int64_t done = 0, pending = 0, disputed = 0, lost = 0;
    json::array refunds, disputes;
    for (auto [claim, end] = claims.refunds.equal_range(intent.id); claim != end; ++claim) {
        const stripe::Refund& refund = *claim->second;
        if (refund.status == "succeeded") done += refund.amount;
        if (refund.status == "pending" || refund.status == "requires_action") pending += refund.amount;
        refunds.push_back({{"refund", refund.id},
                           {"refund_id", text_or_null(text_field(refund.metadata, "refund_id").value_or(""))},
                           {"amount", refund.amount},
                           {"status", refund.status}});
    }
    for (auto [claim, end] = claims.disputes.equal_range(intent.id); claim != end; ++claim) {
        const stripe::Dispute& dispute = *claim->second;
        if (dispute.status == "lost") lost += dispute.amount;
        if (dispute.status == "needs_response" || dispute.status == "under_review") disputed += dispute.amount;
        disputes.push_back({{"dispute", dispute.id}, {"amount", dispute.amount}, {"status", dispute.status}});
    }
    return {{"payment", intent.id},
            {"booking", text_or_null(stripe::booking_of(state, intent))},
            {"session", text_or_null(intent.session)},
            {"status", intent.status},
            {"currency", intent.currency},
            {"captured", intent.amount_received},
            {"processing", intent.status == "processing" ? intent.amount : 0},
            {"refunded", done},
            {"refunding", pending},
            {"disputed", disputed},
            {"lost", lost},
            {"kept", intent.amount_received - done - pending - lost},
            {"refunds", std::move(refunds)},
            {"disputes", std::move(disputes)}};
}

/// The payments, and the sums of all of them by currency.
std::pair<json::array, json::object> payments_of(const stripe::State& state, std::string_view booking) {
    const Claims claims(state);
    json::array out;
    json::object totals;
    for (const stripe::PaymentIntent& intent : state.intents) {
        if (!booking.empty() && stripe::booking_of(state, intent) != booking) continue;
        json::object one = payment_json(state, intent, claims);
        json::value& sums = totals[intent.currency];
        if (!sums.is_object()) sums.emplace_object();
        for (const std::string_view name : {"captured", "processing", "refunded", "refunding", "disputed", "lost", "kept"}) {
            json::value& sum = sums.get_object()[name];
            sum = (sum.is_int64() ? sum.get_int64() : 0) + one.at(name).to_number<std::int64_t>();
        }
        out.push_back(std::move(one));
    }
    return {std::move(out), std::move(totals)};
}

json::array sessions_of(const stripe::Machine& machine, std::string_view booking) {
    json::array out;
    for (const stripe::Session& session : machine.state().sessions) {
        if (!booking.empty() && booking_of(session) != booking) continue;
        out.push_back({{"session", session.id},
                       {"booking", text_or_null(booking_of(session))},
                       {"status", session.status},
                       {"payment_status", session.payment_status},
                       {"amount", session.total},
                       {"currency", session.currency},
                       {"payment", text_or_null(session.payment_intent)},
                       {"url", machine.settings().pages_base + "/" + session.id}});
    }
    return out;
}

json::array invitees_of(const calendly::State& state, std::string_view booking) {
    json::array out;
    for (const calendly::Invitee& invitee : state.invitees) {
        const std::string claim = text_field(invitee.tracking, "utm_content").value_or("");
        if (!booking.empty() && claim != booking) continue;
        const calendly::ScheduledEvent& event = *state.events.find(invitee.event);
        json::object one{{"invitee", calendly::uri_of("scheduled_events", event.id) + "/invitees/" + invitee.id},
                         {"event", calendly::uri_of("scheduled_events", event.id)},
                         {"event_type", calendly::uri_of("event_types", event.type)},
                         {"booking", text_or_null(claim)},
                         {"status", invitee.cancellation ? "canceled" : "active"},
                         {"start", to_iso(event.start)},
                         {"end", to_iso(event.end)},
                         {"rescheduled", invitee.rescheduled},
                         {"old_invitee", text_or_null(invitee.old_invitee)},
                         {"new_invitee", text_or_null(invitee.new_invitee)},
                         {"no_show", invitee.no_show.has_value()}};
        if (invitee.cancellation) one["canceled_at"] = to_iso(invitee.cancellation->created_at);
        one["canceler"] = invitee.cancellation ? json::value(invitee.cancellation->canceler_type) : json::value(nullptr);
        out.push_back(std::move(one));
    }
    return out;
}

json::array meetings_of(const zoom::Machine& machine, std::string_view booking) {
    json::array out;
    for (const auto& [id, meeting] : machine.meetings()) {
        if (!booking.empty() && zoom::marker_of(meeting) != booking) continue;
        out.push_back({{"meeting", id},
                       {"marker", text_or_null(zoom::marker_of(meeting))},
                       {"status", meeting.deleted     ? "deleted"
                                  : meeting.running() ? "running"
                                                      : "live"},
                       {"start", to_iso(meeting.start)},
                       {"sessions", meeting.instances.size()},
                       {"host", meeting.host_email}});
    }
    return out;
}

json::array repeated(const Groups& groups, std::string_view name, std::string_view members) {
    json::array out;
    for (const auto& [key, ids] : groups) {
        if (ids.size() < 2) continue;
        json::array all;
        for (const std::string& id : ids) all.emplace_back(id);
        json::object one{{name, key}};
        one[members] = std::move(all);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace

json::object doubles_of(const World& world) {
    Groups meetings, refunds, sessions, captures, invitees;
    for (const auto& [id, meeting] : world.zoom.meetings())
        if (const std::string marker = zoom::marker_of(meeting); !meeting.deleted && !marker.empty())
            meetings[marker].push_back(id);
    const stripe::State& money = world.stripe.state();
    for (const stripe::Refund& refund : money.refunds)
        if (const auto ours = text_field(refund.metadata, "refund_id"); ours && returns_money(refund))
            refunds[*ours].push_back(refund.id);
    for (const stripe::Session& session : money.sessions)
        if (const std::string booking = booking_of(session); session.status == "open" && !booking.empty())
            sessions[booking].push_back(session.id);
    for (const stripe::PaymentIntent& intent : money.intents)
        if (const std::string booking = stripe::booking_of(money, intent); !booking.empty() && holds_money(money, intent))
            captures[booking].push_back(intent.id);
    for (const calendly::Invitee& invitee : world.calendly.state().invitees)
        if (const auto claim = text_field(invitee.tracking, "utm_content"); claim && !invitee.cancellation)
            invitees[*claim].push_back(invitee.id);
    json::object out;
    out["live_meetings_of_one_marker"] = repeated(meetings, "marker", "meetings");
    out["refunds_of_one_refund_id"] = repeated(refunds, "refund_id", "refunds");
    out["open_sessions_of_one_booking"] = repeated(sessions, "booking", "sessions");
    out["captures_of_one_booking"] = repeated(captures, "booking", "payments");
    out["active_invitees_of_one_booking"] = repeated(invitees, "booking", "invitees");
    return out;
}

json::object ledger_of(const World& world, std::string_view booking) {
    auto [payments, totals] = payments_of(world.stripe.state(), booking);
    return {{"now", to_iso(world.clock.now())},
            {"payments", std::move(payments)},
            {"sessions", sessions_of(world.stripe, booking)},
            {"invitees", invitees_of(world.calendly.state(), booking)},
            {"meetings", meetings_of(world.zoom, booking)},
            {"totals", std::move(totals)},
            {"doubles", doubles_of(world)}};
}

json::array effects_of(const World& world) {
    json::array out;
    for (const Effect& effect : world.journal.effects())
        out.push_back({{"at", to_iso(effect.at)},
                       {"provider", name_of(effect.provider)},
                       {"kind", effect.kind},
                       {"object", effect.object},
                       {"booking", text_or_null(effect.booking)},
                       {"key", text_or_null(effect.key)},
                       {"by", effect.by_api ? "api" : "person"}});
    return out;
}

} // namespace appointd::sandbox
