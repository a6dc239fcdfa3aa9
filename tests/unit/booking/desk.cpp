#include "tests/unit/booking/desk.hpp"

namespace appointd::booking::testing {

json::object usual_terms() {
    return {{"session_type", "coaching-60"},
            {"name", "Coaching, 60 minutes"},
            {"price", 12000},
            {"currency", "usd"},
            {"duration_seconds", 3600},
            {"payment_window_seconds", 1800},
            {"refund", json::array{json::object{{"notice_seconds", 86400}, {"percent", 100}},
                                   json::object{{"notice_seconds", 0}, {"percent", 50}}}},
            {"late_money", "refund"},
            {"completion", "meeting"},
            {"completion_grace_seconds", 900},
            {"slot_timeout_seconds", 86400},
            {"reschedule_timeout_seconds", 600},
            {"reconcile_after_seconds", 600},
            {"no_show", "keep"},
            {"place", "zoom"},
            {"max_reschedules", 3},
            {"reminders_seconds", json::array{86400, 3600}},
            {"event_type", "https://api.calendly.com/event_types/T1"},
            {"public_url", "http://127.0.0.1:8080"},
            {"receipts", false},
            {"automatic_tax", false},
            {"allow_promotion_codes", false},
            {"zoom_settings", json::object{}}};
}

Told Desk::request() {
    return desk.send("booking.requested", {{"session_type", "coaching-60"},
                                           {"terms", terms},
                                           {"invitee", json::object{{"name", "Ann"}, {"email", "ann@example.org"}}},
                                           {"metadata", json::object{{"ref", "42"}}},
                                           {"page_key", "key"}});
}

json::object Desk::slot(int n, Time start) const {
    return {{"invitee", invitee_uri(n)},
            {"event", event_uri(n)},
            {"name", "Ann Poe"},
            {"email", "ann@example.org"},
            {"timezone", "Europe/Berlin"},
            {"start", to_iso(start)},
            {"end", to_iso(start + 1h)},
            {"created_at", to_iso(desk.now)},
            {"group", false},
            {"location", json::object{{"type", "custom"}, {"join_url", nullptr}}},
            {"event_type", "https://api.calendly.com/event_types/T1"},
            {"session_type", "coaching-60"},
            {"terms", terms},
            {"claim", engine::to_string(desk.id)},
            {"payment", nullptr},
            {"cancel_url", "https://calendly.com/cancellations/I1"},
            {"reschedule_url", "https://calendly.com/reschedulings/I1"}};
}

Told Desk::take(int n, Time start) { return desk.send("slot.taken", slot(n, start), "calendly"); }
Told Desk::moving(int from, int to) {
    return desk.send("slot.moving",
                     {{"invitee", invitee_uri(from)},
                      {"event", event_uri(from)},
                      {"new_invitee", invitee_uri(to)},
                      {"at", to_iso(desk.now)},
                      {"by", "invitee"}},
                     "calendly");
}
Told Desk::moved(int from, int to, Time start) {
    auto payload = slot(to, start);
    payload["old_invitee"] = invitee_uri(from);
    return desk.send("slot.moved", std::move(payload), "calendly");
}
Told Desk::reschedule(int from, int to, Time start) {
    moving(from, to);
    return moved(from, to, start);
}
Told Desk::cancel(std::string_view by, std::optional<Time> at, int n) {
    return desk.send("slot.canceled",
                     {{"invitee", invitee_uri(n)},
                      {"event", event_uri(n)},
                      {"at", to_iso(at.value_or(desk.now))},
                      {"by", by},
                      {"canceled_by", "Ann"},
                      {"reason", nullptr}},
                     "calendly");
}
Told Desk::no_show(int n) {
    return desk.send("no_show.set", {{"invitee", invitee_uri(n)}, {"at", to_iso(desk.now)}}, "calendly");
}

void Desk::checkout_made() {
    const auto n = desk.data().checkouts.back().n;
    desk.succeed("checkout.create",
                 {{"session", "cs_" + std::to_string(n)}, {"url", "https://checkout.stripe.com/c/" + std::to_string(n)}});
}
json::object Desk::captured(std::string_view payment, std::int64_t amount) const {
    const auto checkouts = desk.data().checkouts;
    const auto session = checkouts.empty() ? std::string("cs_1") : "cs_" + std::to_string(checkouts.back().n);
    return {{"payment", payment},
            {"session", session},
            {"amount", amount},
            {"subtotal", amount},
            {"discount", 0},
            {"tax", 0},
            {"currency", "usd"},
            {"booking", engine::to_string(desk.id)},
            {"via", "checkout.session.completed"}};
}
Told Desk::pay(std::string_view payment, std::int64_t amount) {
    return desk.send("payment.captured", captured(payment, amount), "stripe");
}
Told Desk::processing(std::string_view payment) {
    return desk.send("payment.processing", {{"payment", payment}, {"session", "cs_1"}, {"booking", engine::to_string(desk.id)}},
                     "stripe");
}
Told Desk::declined(std::string_view payment) {
    return desk.send("payment.declined",
                     {{"payment", payment}, {"booking", engine::to_string(desk.id)}, {"code", "card_declined"}}, "stripe");
}
Told Desk::failed(std::string_view payment) {
    return desk.send("payment.failed", {{"payment", payment}, {"session", "cs_1"}, {"booking", engine::to_string(desk.id)}},
                     "stripe");
}
Told Desk::expired(std::string_view session) {
    return desk.send("checkout.expired", {{"session", session}, {"booking", engine::to_string(desk.id)}}, "stripe");
}
Told Desk::refund(std::string_view type, std::string_view re, std::int64_t amount, std::string_view payment,
                  std::string_view ours) {
    return desk.send(type,
                     {{"refund", re},
                      {"payment", payment},
                      {"our_refund", ours.empty() ? json::value(nullptr) : json::value(ours)},
                      {"amount", amount},
                      {"currency", "usd"},
                      {"status", type.substr(7)},
                      {"failure_reason", "lost_or_stolen_card"},
                      {"charge", "ch_1"}},
                     "stripe");
}
void Desk::refund_made(std::string_view re, std::string_view status) {
    const Activity* call = desk.find("refund.create");
    if (!call) {
        ADD_FAILURE() << "no refund was asked for";
        return;
    }
    std::int64_t amount = 0;
    const auto* fields = array_field(call->request, "form");
    for (const auto& field : *fields)
        if (field.at(0).as_string() == "amount") amount = std::stoll(std::string(field.at(1).as_string()));
    desk.succeed("refund.create", {{"done", "made"}, {"refund", re}, {"status", status}, {"amount", amount}});
}
Told Desk::dispute(std::string_view type, std::string_view du, std::int64_t amount, bool inquiry) {
    return desk.send(type,
                     {{"dispute", du},
                      {"payment", "pi_1"},
                      {"amount", amount},
                      {"currency", "usd"},
                      {"status", "needs_response"},
                      {"inquiry", inquiry}},
                     "stripe");
}

void Desk::meeting_made(std::string_view id, std::optional<Time> start) {
    desk.succeed("meeting.create", {{"meeting", id},
                                    {"join_url", "https://zoom.us/j/" + std::string(id)},
                                    {"start", to_iso(start.value_or(desk.data().slot.start.value_or(slot_start)))},
                                    {"adopted", false}});
}
Told Desk::zoom(std::string_view type, json::object more, std::string_view id) {
    more["meeting"] = id;
    return desk.send(type, std::move(more), "zoom");
}
Told Desk::ended(Time at, std::string_view uuid) {
    return zoom("meeting.ended", {{"uuid", uuid}, {"started", to_iso(at - 30min)}, {"ended", to_iso(at)}});
}
Told Desk::orphan(std::string_view id) {
    const json::object result{{"meeting", id}};
    return desk.send("orphan.found",
                     {{"activity", "x"}, {"kind", "meeting.create"}, {"request", json::object{}}, {"result", result}},
                     "activity");
}
Told Desk::operate(std::string_view what, json::object more) {
    more["actor"] = "eve";
    if (!more.contains("reason")) more["reason"] = "she asked";
    more["at"] = to_iso(desk.now);
    return desk.send("operator." + std::string(what), std::move(more), "operator");
}

void Desk::book() {
    request();
    desk.succeed("link.create", {{"url", "https://calendly.com/d/x?utm_content=" + engine::to_string(desk.id)}});
    take();
}
void Desk::book_pending() {
    book();
    checkout_made();
}
void Desk::book_confirmed() {
    book_pending();
    pay();
    meeting_made();
}
void Desk::book_completed() {
    book_confirmed();
    desk.now = slot_end;
    ended(slot_end);
}
void Desk::book_abandoned() {
    book_pending();
    desk.ring("deadline");
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    desk.succeed("slot.cancel", {{"done", "canceled"}});
}

std::int64_t Desk::sum(std::string_view name) const {
    const auto data = desk.json_data();
    return int_field(*object_field(data, "money"), name).value_or(-1);
}

} // namespace appointd::booking::testing
