#include "workflows/booking/data_read.hpp"

#include "workflows/booking/names.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace appointd::booking {
namespace {

/// Reads fields of one object; absent ones leave the value as it is.
class Reader {
public:
    explicit Reader(const json::object& object) : object_(object) {}

    const Reader& operator()(std::string_view name, std::string& into) const {
        if (const auto* value = find(name); value && value->is_string()) into.assign(value->get_string());
        return *this;
    }
    const Reader& operator()(std::string_view name, std::int64_t& into) const {
        if (const auto* value = find(name); value && value->is_int64()) into = value->get_int64();
        return *this;
    }
    const Reader& operator()(std::string_view name, bool& into) const {
        if (const auto* value = find(name); value && value->is_bool()) into = value->get_bool();
        return *this;
    }
    const Reader& operator()(std::string_view name, std::optional<Time>& into) const {
        if (const auto* value = find(name); value && value->is_string()) into = parse_iso(value->get_string());
        return *this;
    }
    const Reader& operator()(std::string_view name, std::vector<std::string>& into) const {
        if (const auto* value = find(name); value && value->is_array())
            for (const auto& item : value->get_array())
                if (item.is_string()) into.emplace_back(item.get_string());
        return *this;
    }
    template <class E>
    requires std::is_enum_v<E>
    const Reader& operator()(std::string_view name, E& into) const {
        if (const auto* value = find(name); value && value->is_string()) into = parse_name<E>(value->get_string());
        return *this;
    }
    /// An object kept as text.
    const Reader& text_of_object(std::string_view name, std::string& into) const {
        if (const auto* value = find(name); value && value->is_object() && !value->get_object().empty())
            into = json::serialize(*value);
        return *this;
    }
    template <class Row, class Fill> const Reader& rows(std::string_view name, std::vector<Row>& into, Fill fill) const {
        const auto* value = find(name);
        if (!value || !value->is_array()) return *this;
        into.reserve(value->get_array().size());
        for (const auto& item : value->get_array()) {
            if (!item.is_object()) throw std::invalid_argument("a booking's data: a row is no object");
            fill(Reader(item.get_object()), into.emplace_back());
        }
        return *this;
    }
    template <class Fill> const Reader& inside(std::string_view name, Fill fill) const {
        if (const auto* value = find(name); value && value->is_object()) fill(Reader(value->get_object()));
        return *this;
    }

private:
    const json::value* find(std::string_view name) const { return object_.if_contains(name); }
    const json::object& object_;
};

void read_slot(const Reader& in, Slot& slot) {
    in("phase", slot.phase)("invitee", slot.invitee)("start", slot.start)("end", slot.end)("timezone", slot.timezone);
    in("event", slot.event)("created_at", slot.created_at)("cancel_url", slot.cancel_url)("reschedule_url", slot.reschedule_url);
    in("location", slot.location)("join_url", slot.join_url)("next", slot.next)("moving_since", slot.moving_since);
    in("superseded", slot.superseded)("unseen", slot.unseen)("reschedules", slot.reschedules)("group", slot.group);
}

void read_checkout(const Reader& in, Checkout& checkout) {
    in("n", checkout.n)("session", checkout.session)("url", checkout.url)("phase", checkout.phase)("unknown", checkout.unknown);
}

void read_money(const Reader& in, Money& money) {
    in.rows("payments", money.payments, [](const Reader& row, Payment& payment) {
        row("id", payment.id)("session", payment.session)("role", payment.role)("phase", payment.phase);
        row("captured", payment.captured)("waiting", payment.waiting)("currency", payment.currency);
        row("overpaid", payment.overpaid)("outside", payment.outside)("accepted", payment.accepted);
    });
    in.rows("refunds", money.refunds, [](const Reader& row, Refund& refund) {
        row("id", refund.id)("payment", refund.payment)("stripe", refund.stripe)("amount", refund.amount);
        row("cause", refund.cause)("ordinal", refund.ordinal)("phase", refund.phase)("follows", refund.follows);
    });
    in.rows("disputes", money.disputes, [](const Reader& row, Dispute& dispute) {
        row("id", dispute.id)("payment", dispute.payment)("amount", dispute.amount)("phase", dispute.phase);
        row("decided_at", dispute.decided_at);
    });
    in.rows("kept_rows", money.kept,
            [](const Reader& row, Kept& kept) { row("payment", kept.payment)("amount", kept.amount)("cause", kept.cause); });
}

void read_meeting(const Reader& in, Meeting& meeting) {
    in("phase", meeting.phase)("id", meeting.id)("join_url", meeting.join_url)("lost_link", meeting.lost_link)(
        "start", meeting.start)("asked", meeting.asked)("asked_at", meeting.asked_at);
    in("creating", meeting.creating)("running", meeting.running)("remade", meeting.remade);
    in("old", meeting.old)("strays", meeting.strays);
}

void read_met(const Reader& in, Met& met) {
    in.rows("sessions", met.sessions, [](const Reader& row, Session& session) {
        row("uuid", session.uuid)("started", session.started)("ended", session.ended);
    });
    in("joined", met.joined)("no_show", met.no_show)("recording", met.recording);
}

Terms terms_from(const Reader& in) {
    Terms terms;
    in("session_type", terms.session_type)("name", terms.name)("price", terms.price)("currency", terms.currency);
    in("duration_seconds", terms.duration_seconds)("payment_window_seconds", terms.payment_window_seconds);
    in.rows("refund", terms.refund,
            [](const Reader& row, RefundTier& tier) { row("notice_seconds", tier.notice_seconds)("percent", tier.percent); });
    in("late_money", terms.late_money)("completion", terms.completion);
    in("completion_grace_seconds", terms.completion_grace_seconds)("slot_timeout_seconds", terms.slot_timeout_seconds);
    in("reschedule_timeout_seconds", terms.reschedule_timeout_seconds)("reconcile_after_seconds", terms.reconcile_after_seconds);
    in("no_show", terms.no_show)("place", terms.place)("max_reschedules", terms.max_reschedules);
    in("event_type", terms.event_type)("public_url", terms.public_url)("receipts", terms.receipts);
    in("automatic_tax", terms.automatic_tax)("allow_promotion_codes", terms.allow_promotion_codes);
    in.text_of_object("zoom_settings", terms.zoom_settings);
    in("mail", terms.mail)("mail_operator", terms.mail_operator);
    in.rows("webhook_endpoints", terms.listeners,
            [](const Reader& row, Listener& listener) { row("name", listener.name)("events", listener.events); });
    return terms;
}

} // namespace

Terms read_terms(const json::object& object) {
    Terms terms = terms_from(Reader(object));
    if (const auto* reminders = array_field(object, "reminders_seconds"))
        for (const auto& item : *reminders)
            if (item.is_int64()) terms.reminders_seconds.push_back(item.get_int64());
    return terms;
}

Data read(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) throw std::invalid_argument("a booking's data is not a JSON object");
    Data data;
    if (const auto* terms = object_field(*object, "terms")) data.terms = read_terms(*terms);
    const Reader in(*object);
    in.inside("invitee", [&](const Reader& invitee) { invitee("name", data.name)("email", data.email); });
    in("page_key", data.page_key).text_of_object("metadata", data.metadata);
    in.inside("link", [&](const Reader& link) { link("url", data.link); });
    in.inside("slot", [&](const Reader& slot) { read_slot(slot, data.slot); });
    in.rows("older_checkouts", data.checkouts, read_checkout);
    in.inside("checkout", [&](const Reader& row) { read_checkout(row, data.checkouts.emplace_back()); });
    in("deadline", data.deadline);
    in.inside("money", [&](const Reader& money) { read_money(money, data.money); });
    in.inside("meeting", [&](const Reader& meeting) { read_meeting(meeting, data.meeting); });
    in.inside("met", [&](const Reader& met) { read_met(met, data.met); });
    in.inside("ended", [&](const Reader& row) {
        row("why", data.ended.emplace().why)("by", data.ended->by)("refund", data.ended->refund)("at", data.ended->at);
    });
    in.rows("attention", data.flags, [](const Reader& row, Flag& flag) {
        std::optional<Time> since;
        row("reason", flag.reason)("since", since)("note", flag.note);
        flag.since = since.value_or(Time{});
    });
    in.rows("calls", data.calls, [](const Reader& row, Call& call) {
        row("activity", call.activity)("kind", call.kind)("flag", call.flag)("about", call.about);
        row("exhausted", call.exhausted)("reopened", call.reopened);
    });
    in("settled", data.settled);
    in.inside("told", [&](const Reader& row) {
        Told& told = data.told;
        row("start", told.start)("link", told.link)("sequence", told.sequence)("asked", told.asked)("returned", told.returned);
        row("confirmed", told.confirmed)("over", told.over)("attention", told.attention);
    });
    in.rows("owed", data.owed,
            [](const Reader& row, Owed& message) { row("listener", message.listener)("request", message.request); });
    in("declined", data.declined)("refund_count", data.refund_count)("reconciled", data.reconciled);
    in("reconciled_at", data.reconciled_at);
    return data;
}

} // namespace appointd::booking
