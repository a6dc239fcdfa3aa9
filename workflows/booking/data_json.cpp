#include "foundation/json.hpp"
#include "workflows/booking/data.hpp"
#include "workflows/booking/data_read.hpp"
#include "workflows/booking/json_text.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/names.hpp"

#include <algorithm>

namespace appointd::booking {
namespace {

void write_terms(JsonText& out, const Terms& terms) {
    out.open_object("terms");
    out.field("session_type", terms.session_type);
    out.field("name", terms.name);
    out.always("price", terms.price);
    out.field("currency", terms.currency);
    out.always("duration_seconds", terms.duration_seconds);
    out.always("payment_window_seconds", terms.payment_window_seconds);
    out.open_array("refund");
    for (const RefundTier& tier : terms.refund) {
        out.open_object();
        out.always("notice_seconds", tier.notice_seconds);
        out.always("percent", tier.percent);
        out.close_object();
    }
    out.close_array();
    out.field("late_money", terms.late_money);
    out.field("completion", terms.completion);
    out.always("completion_grace_seconds", terms.completion_grace_seconds);
    out.always("slot_timeout_seconds", terms.slot_timeout_seconds);
    out.always("reschedule_timeout_seconds", terms.reschedule_timeout_seconds);
    out.always("reconcile_after_seconds", terms.reconcile_after_seconds);
    out.field("no_show", terms.no_show);
    out.field("place", terms.place);
    out.field("max_reschedules", terms.max_reschedules);
    out.open_array("reminders_seconds");
    for (const auto seconds : terms.reminders_seconds) out.number(seconds);
    out.close_array();
    out.field("event_type", terms.event_type);
    out.field("public_url", terms.public_url);
    out.flag("receipts", terms.receipts);
    out.flag("automatic_tax", terms.automatic_tax);
    out.flag("allow_promotion_codes", terms.allow_promotion_codes);
    if (!terms.zoom_settings.empty()) out.key("zoom_settings"), out.raw(terms.zoom_settings);
    out.flag("mail", terms.mail);
    out.flag("mail_operator", terms.mail_operator);
    if (!terms.listeners.empty()) {
        out.open_array("webhook_endpoints");
        for (const Listener& listener : terms.listeners) {
            out.open_object();
            out.field("name", listener.name);
            out.open_array("events");
            for (const std::string& event : listener.events) out.string(event);
            out.close_array();
            out.close_object();
        }
        out.close_array();
    }
    out.close_object();
}

void write_texts(JsonText& out, std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    out.open_array(name);
    for (const std::string& text : texts) out.string(text);
    out.close_array();
}

void write_slot(JsonText& out, const Slot& slot) {
    out.open_object("slot");
    out.field("phase", text_of(slot.phase));
    out.or_null("invitee", slot.invitee);
    out.or_null("start", slot.start ? to_iso(*slot.start) : std::string());
    out.or_null("end", slot.end ? to_iso(*slot.end) : std::string());
    out.or_null("timezone", slot.timezone);
    out.field("event", slot.event);
    out.field("created_at", slot.created_at);
    out.field("cancel_url", slot.cancel_url);
    out.field("reschedule_url", slot.reschedule_url);
    out.field("location", slot.location);
    out.field("join_url", slot.join_url);
    out.field("next", slot.next);
    out.field("moving_since", slot.moving_since);
    write_texts(out, "superseded", slot.superseded);
    write_texts(out, "unseen", slot.unseen);
    out.field("reschedules", slot.reschedules);
    out.flag("group", slot.group);
    out.close_object();
}

void write_checkout_fields(JsonText& out, const Checkout& checkout) {
    out.always("n", checkout.n);
    out.or_null("session", checkout.session);
    out.or_null("url", checkout.phase == CheckoutPhase::open ? checkout.url : std::string());
    out.field("phase", text_of(checkout.phase));
    out.flag("unknown", checkout.unknown);
}

void write_checkouts(JsonText& out, const Data& data) {
    if (data.checkouts.empty()) return;
    out.open_object("checkout");
    write_checkout_fields(out, data.checkouts.back());
    out.close_object();
    if (data.checkouts.size() == 1) return;
    out.open_array("older_checkouts");
    for (std::size_t i = 0; i + 1 < data.checkouts.size(); ++i) {
        out.open_object();
        write_checkout_fields(out, data.checkouts[i]);
        out.close_object();
    }
    out.close_array();
}

void write_payments(JsonText& out, const Money& money) {
    out.open_array("payments");
    for (const Payment& payment : money.payments) {
        out.open_object();
        out.field("id", payment.id);
        out.field("session", payment.session);
        out.field("role", text_of(payment.role));
        out.field("phase", text_of(payment.phase));
        out.always("captured", payment.captured);
        out.always("waiting", payment.waiting);
        out.field("currency", payment.currency);
        out.field("overpaid", payment.overpaid);
        out.flag("outside", payment.outside);
        out.flag("accepted", payment.accepted);
        out.close_object();
    }
    out.close_array();
}

void write_money_rows(JsonText& out, const Money& money) {
    out.open_array("refunds");
    for (const Refund& refund : money.refunds) {
        out.open_object();
        out.field("id", refund.id);
        out.field("payment", refund.payment);
        out.field("stripe", refund.stripe);
        out.always("amount", refund.amount);
        out.field("cause", refund.cause);
        out.always("ordinal", refund.ordinal);
        out.field("phase", text_of(refund.phase));
        out.field("follows", refund.follows);
        out.close_object();
    }
    out.close_array();
    out.open_array("disputes");
    for (const Dispute& dispute : money.disputes) {
        out.open_object();
        out.field("id", dispute.id);
        out.field("payment", dispute.payment);
        out.always("amount", dispute.amount);
        out.field("phase", text_of(dispute.phase));
        out.field("decided_at", dispute.decided_at);
        out.close_object();
    }
    out.close_array();
    out.open_array("kept_rows");
    for (const Kept& kept : money.kept) {
        out.open_object();
        out.field("payment", kept.payment);
        out.always("amount", kept.amount);
        out.field("cause", text_of(kept.cause));
        out.close_object();
    }
    out.close_array();
}

void write_money(JsonText& out, const Data& data) {
    const auto sums = money::sums(data);
    out.open_object("money");
    out.key("currency"), out.string(sums.currency);
    out.always("captured", sums.captured);
    out.always("refunded", sums.refunded);
    out.always("refunding", sums.refunding);
    out.always("kept", sums.kept);
    out.always("lost", sums.lost);
    out.always("waiting", sums.waiting);
    if (!data.money.payments.empty()) {
        write_payments(out, data.money);
        write_money_rows(out, data.money);
    }
    out.close_object();
}

void write_meeting(JsonText& out, const Meeting& meeting) {
    out.open_object("meeting");
    out.field("phase", text_of(meeting.phase));
    out.or_null("id", meeting.id);
    out.or_null("join_url", meeting.join_url);
    out.field("lost_link", meeting.lost_link);
    out.field("start", meeting.start);
    out.field("asked", meeting.asked);
    out.field("asked_at", meeting.asked_at);
    out.flag("creating", meeting.creating);
    out.flag("running", meeting.running);
    out.field("remade", meeting.remade);
    write_texts(out, "old", meeting.old);
    write_texts(out, "strays", meeting.strays);
    out.close_object();
}

void write_met(JsonText& out, const Met& met) {
    if (met == Met{}) return;
    out.open_object("met");
    out.open_array("sessions");
    for (const Session& session : met.sessions) {
        out.open_object();
        out.field("uuid", session.uuid);
        out.field("started", session.started);
        out.field("ended", session.ended);
        out.close_object();
    }
    out.close_array();
    out.field("joined", met.joined);
    out.field("no_show", met.no_show);
    out.field("recording", met.recording);
    out.close_object();
}

void write_attention(JsonText& out, const Data& data) {
    out.open_array("attention");
    for (const Flag& flag : data.flags) {
        out.open_object();
        out.field("reason", flag.reason);
        out.field("since", std::optional<Time>(flag.since));
        out.or_null("note", flag.note);
        out.close_object();
    }
    out.close_array();
    write_texts(out, "settled", data.settled);
    if (data.calls.empty()) return;
    out.open_array("calls");
    for (const Call& call : data.calls) {
        out.open_object();
        out.field("activity", call.activity);
        out.field("kind", call.kind);
        out.field("flag", call.flag);
        out.field("about", call.about);
        out.flag("exhausted", call.exhausted);
        out.flag("reopened", call.reopened);
        out.close_object();
    }
    out.close_array();
}

void write_told(JsonText& out, const Data& data) {
    if (const Told& told = data.told; told != Told{}) {
        out.open_object("told");
        out.field("start", told.start);
        out.field("link", told.link);
        out.field("sequence", told.sequence);
        out.field("asked", told.asked);
        out.field("returned", told.returned);
        out.flag("confirmed", told.confirmed);
        out.flag("over", told.over);
        write_texts(out, "attention", told.attention);
        out.close_object();
    }
    if (data.owed.empty()) return;
    out.open_array("owed");
    for (const Owed& message : data.owed) {
        out.open_object();
        out.field("listener", message.listener);
        out.field("request", message.request);
        out.close_object();
    }
    out.close_array();
}

} // namespace

std::string write(const Data& data) {
    JsonText out(2048);
    out.open_object();
    write_terms(out, data.terms);
    out.open_object("invitee");
    out.or_null("name", data.name);
    out.or_null("email", data.email);
    out.close_object();
    out.field("page_key", data.page_key);
    if (!data.metadata.empty()) out.key("metadata"), out.raw(data.metadata);
    out.open_object("link");
    out.or_null("url", data.link);
    out.close_object();
    write_slot(out, data.slot);
    write_checkouts(out, data);
    out.field("deadline", data.deadline);
    write_money(out, data);
    write_meeting(out, data.meeting);
    write_met(out, data.met);
    if (data.ended) {
        out.open_object("ended");
        out.field("why", data.ended->why);
        out.field("by", data.ended->by);
        out.field("refund", data.ended->refund);
        out.field("at", data.ended->at);
        out.close_object();
    }
    write_attention(out, data);
    write_told(out, data);
    out.field("declined", data.declined);
    out.field("refund_count", data.refund_count);
    out.field("reconciled", data.reconciled);
    out.field("reconciled_at", data.reconciled_at);
    out.close_object();
    return out.take();
}

bool Data::flagged(std::string_view reason) const {
    return std::any_of(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.reason == reason; });
}

} // namespace appointd::booking
