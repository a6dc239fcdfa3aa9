#include "tests/unit/booking/walk.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::booking::testing {
namespace {

std::string form_value(const Activity& call, std::string_view name) {
    if (const auto* fields = array_field(call.request, "form"))
        for (const auto& field : *fields)
            if (field.at(0).as_string() == name) return std::string(field.at(1).as_string());
    return {};
}

} // namespace

void Walk::begin(std::uint64_t seed) {
    random_.seed(seed);
    sessions_.clear();
    paid_by_.clear();
    charges_.clear();
    backs_.clear();
    told_.clear();
    invitees_ = payments_ = refunds_ = meetings_ = uuids_ = 0;
    desk = Fold(monday);
    terms = usual_terms();
    terms["price"] = chance(15) ? 0 : 9999;
    terms["place"] = chance(70) ? "zoom" : chance(50) ? "calendly" : "none";
    terms["late_money"] = chance(30) ? "revive" : "refund";
    terms["no_show"] = chance(30) ? "refund" : "keep";
    terms["completion"] = chance(30) ? "clock" : "meeting";
    terms["payment_window_seconds"] = chance(30) ? 2 * 86400 : 1800;
    terms["automatic_tax"] = chance(20);
    if (chance(40)) { // everybody is told everything: beside all else a transition may ask for
        terms["mail"] = terms["mail_operator"] = true;
        terms["webhook_endpoints"] = json::array{json::object{{"name", "a"}, {"events", json::array{}}},
                                                 json::object{{"name", "b"}, {"events", json::array{}}}};
    }
    terms["refund"] = chance(20) ? json::array{}
                                 : json::array{json::object{{"notice_seconds", 86400}, {"percent", 80}},
                                               json::object{{"notice_seconds", 3600}, {"percent", 33}}};
    if (chance(80))
        request();
    else
        take(++invitees_);
}

void Walk::outside(std::string_view type, json::object payload, std::string_view source) {
    if (chance(12)) return; // the webhook is lost
    const int times = chance(15) ? 2 : 1;
    for (int i = 0; i < times; ++i) desk.send(type, payload, source);
    told_.push_back({std::string(type), std::string(source), json::serialize(payload), "", "", "", desk.now, desk.now, 0});
}

void Walk::step() {
    const int dice = below(100);
    if (dice < 38)
        answer_call();
    else if (dice < 50)
        calendly();
    else if (dice < 64)
        stripe_in();
    else if (dice < 72)
        stripe_back();
    else if (dice < 80)
        zoom_speaks();
    else if (dice < 84)
        an_operator();
    else if (dice < 89 && !told_.empty()) { // an old webhook once more
        const Line line = any(told_);
        desk.send(line.type, parse_object(line.payload).value(), line.source);
    } else {
        constexpr Duration spans[] = {1min, 20min, 3h, 26h, 80h};
        desk.pass(spans[static_cast<std::size_t>(below(chance(80) ? 3 : 5))]);
    }
}

void Walk::answer_call() {
    if (desk.activities.empty()) return;
    const Activity call = any(desk.activities);
    const int dice = below(100);
    if (dice < 76)
        answer_well(call);
    else if (dice < 86)
        desk.answer(call, false, {}, true);
    else if (dice < 91)
        desk.answer(call, false, {}, false);
}

void Walk::answer_well(const Activity& call) {
    const auto session = text_field(call.request, "session").value_or("");
    json::object result;
    if (call.kind == "link.create")
        result = {{"url", "https://calendly.com/d/x"}};
    else if (call.kind == "checkout.create") {
        const auto made = "cs_" + std::to_string(int_field(call.request, "n").value_or(0));
        sessions_.emplace(made, "open");
        result = {{"session", made}, {"url", "https://checkout.stripe.com/" + made}};
    } else if (call.kind == "checkout.expire" || call.kind == "checkout.look") {
        if (call.kind == "checkout.expire" && sessions_[session] == "open") sessions_[session] = "expired";
        result = session_says(session);
    } else if (call.kind == "slot.cancel")
        result = {{"done", chance(50) ? "canceled" : "already"}};
    else if (call.kind == "slot.look")
        result = {{"found", false}};
    else if (call.kind == "refund.create")
        result = refund_answer(call);
    else if (call.kind == "refund.list")
        result = {{"refunds", listed(text_field(call.request, "payment").value_or(""))}};
    else if (call.kind == "meeting.create") {
        const auto made = "85" + std::to_string(++meetings_);
        result = {{"meeting", made},
                  {"join_url", "https://zoom.us/j/" + made},
                  {"start", call.request.at("body").at("start_time")},
                  {"adopted", false}};
    } else if (call.kind == "meeting.update") {
        result = {{"found", chance(92)}, {"running", chance(5)}, {"start", call.request.at("body").at("start_time")}};
    } else if (call.kind == "meeting.delete")
        result = {{"done", chance(90) ? "deleted" : "running"}};
    desk.answer(call, true, std::move(result));
    if (call.kind == "checkout.look" || call.kind == "checkout.expire")
        tell_failure(text_field(call.request, "session").value_or(""));
}

/// A look at a completed session whose payment failed tells that too, as the adapter does.
void Walk::tell_failure(const std::string& session) {
    const auto payment = paid_by_.find(session);
    if (payment == paid_by_.end() || !charges_.at(payment->second).failed) return;
    const json::object fact{{"payment", payment->second}, {"session", session}, {"booking", engine::to_string(desk.id)}};
    desk.send("payment.failed", fact, "reconcile");
}

json::object Walk::session_says(const std::string& session) const {
    const auto found = sessions_.find(session);
    json::object out{{"session", session}, {"status", found == sessions_.end() ? "expired" : found->second}};
    const auto payment = paid_by_.find(session);
    if (payment == paid_by_.end()) return out;
    const Charge& charge = charges_.at(payment->second);
    out["payment"] = payment->second;
    out["payment_status"] = charge.processing || charge.failed ? "unpaid" : "paid";
    for (const auto* name : {"amount", "subtotal"}) out[name] = charge.amount;
    out["currency"] = charge.currency;
    return out;
}

std::int64_t Walk::refunded(std::string_view payment) const {
    std::int64_t sum = 0;
    for (const Back& back : backs_)
        if (back.payment == payment && back.status != "failed") sum += back.amount;
    return sum;
}

json::array Walk::listed(std::string_view payment) const {
    json::array out;
    for (const Back& back : backs_)
        if (back.payment == payment)
            out.push_back(json::object{{"refund", back.re},
                                       {"our_refund", back.ours.empty() ? json::value(nullptr) : json::value(back.ours)},
                                       {"amount", back.amount},
                                       {"status", back.status}});
    return out;
}

json::object Walk::refund_answer(const Activity& call) {
    const auto payment = text_field(call.request, "payment").value_or(""), ours = text_field(call.request, "refund").value_or("");
    for (const Back& back : backs_) // the idempotency key answers what it answered before
        if (back.ours == ours) return {{"done", "made"}, {"refund", back.re}, {"status", back.status}, {"amount", back.amount}};
    const Charge& charge = charges_[payment];
    if (charge.disputed && !charge.dispute_closed) return {{"done", "disputed"}, {"refund", nullptr}};
    const auto amount = std::stoll(form_value(call, "amount"));
    if (amount > charge.amount - refunded(payment))
        return {{"done", "already_refunded"}, {"refund", nullptr}, {"refunds", listed(payment)}};
    backs_.push_back({"re_" + std::to_string(++refunds_), payment, ours, chance(60) ? "succeeded" : "pending", amount});
    const Back back = backs_.back();
    if (chance(30)) tell_refund(back); // its webhook outruns the answer
    return {{"done", "made"}, {"refund", back.re}, {"status", back.status}, {"amount", amount}};
}

void Walk::tell_refund(const Back& back) {
    outside("refund." + back.status,
            {{"refund", back.re},
             {"payment", back.payment},
             {"our_refund", back.ours.empty() ? json::value(nullptr) : json::value(back.ours)},
             {"amount", back.amount},
             {"currency", "usd"},
             {"status", back.status}},
            "stripe");
}

void Walk::calendly() {
    const Data data = desk.data();
    const int dice = below(100);
    if (dice < 35 || data.slot.invitee.empty()) {
        const auto ahead = chance(80) ? 72h : 30min;
        auto payload = slot(++invitees_, desk.now + ahead);
        payload["group"] = chance(8);
        if (chance(8)) payload["location"] = json::object{{"type", "zoom"}, {"join_url", "https://zoom.us/j/1"}};
        if (chance(4)) payload["payment"] = json::object{{"amount_text", "99.99"}, {"currency", "usd"}, {"provider", "paypal"}};
        outside("slot.taken", payload, "calendly");
    } else if (dice < 70) {
        const int next = ++invitees_;
        auto landed = slot(next, desk.now + (chance(70) ? 96h : 2h));
        landed["old_invitee"] = data.slot.invitee;
        const json::object left{{"invitee", data.slot.invitee},
                                {"event", data.slot.event},
                                {"new_invitee", invitee_uri(next)},
                                {"at", to_iso(desk.now)},
                                {"by", "invitee"}};
        const bool first = chance(50);
        if (first) outside("slot.moving", left, "calendly");
        outside("slot.moved", landed, "calendly");
        if (!first) outside("slot.moving", left, "calendly");
    } else if (dice < 88) {
        const auto at = desk.now - (chance(70) ? 0min : 30min);
        outside("slot.canceled",
                {{"invitee", data.slot.invitee},
                 {"event", data.slot.event},
                 {"at", to_iso(at)},
                 {"by", chance(60) ? "invitee" : "host"}},
                "calendly");
    } else {
        outside(chance(70) ? "no_show.set" : "no_show.cleared", {{"invitee", data.slot.invitee}, {"at", to_iso(desk.now)}},
                "calendly");
    }
}

void Walk::tell_charge(const std::string& payment) {
    const Charge& charge = charges_.at(payment);
    json::object payload{{"payment", payment},
                         {"session", charge.session.empty() ? json::value(nullptr) : json::value(charge.session)},
                         {"booking", engine::to_string(desk.id)},
                         {"via", "walk"}};
    if (charge.processing) return outside("payment.processing", payload, "stripe");
    for (const auto* name : {"amount", "subtotal"}) payload[name] = charge.amount;
    payload["currency"] = charge.currency;
    outside("payment.captured", payload, "stripe");
    if (chance(40) && !charge.session.empty()) { // the intent's own event
        payload["session"] = nullptr;
        payload["subtotal"] = nullptr;
        outside("payment.captured", payload, "stripe");
    }
}

void Walk::stripe_in() {
    const Data data = desk.data();
    const Checkout* checkout = data.checkout();
    const int dice = below(100);
    if (checkout && sessions_.contains(checkout->session) && sessions_[checkout->session] == "open" && dice < 60) {
        const auto payment = "pi_" + std::to_string(++payments_);
        if (chance(20))
            return outside("payment.declined",
                           {{"payment", payment}, {"booking", engine::to_string(desk.id)}, {"code", "card_declined"}}, "stripe");
        sessions_[checkout->session] = "complete";
        paid_by_[checkout->session] = payment;
        Charge& charge = charges_[payment];
        charge.amount = chance(88) ? 9999 : 500;
        charge.currency = chance(96) ? "usd" : "eur";
        charge.session = checkout->session;
        charge.processing = chance(20);
        return tell_charge(payment);
    }
    if (dice < 75) {
        for (auto& [payment, charge] : charges_) {
            if (!charge.processing) continue;
            if (chance(60)) {
                charge.processing = false;
                tell_charge(payment);
            } else {
                outside("payment.failed",
                        {{"payment", payment}, {"session", charge.session}, {"booking", engine::to_string(desk.id)}}, "stripe");
                charge.processing = false;
                charge.failed = true;
            }
            return;
        }
    } else if (dice < 82) { // paid in another way that bears our mark
        const auto payment = "pi_" + std::to_string(++payments_);
        charges_[payment].amount = chance(50) ? 9999 : 700;
        tell_charge(payment);
    } else if (checkout && dice < 90 && sessions_.contains(checkout->session) && sessions_[checkout->session] != "complete") {
        sessions_[checkout->session] = "expired";
        outside("checkout.expired", {{"session", checkout->session}, {"booking", engine::to_string(desk.id)}}, "stripe");
    }
}

void Walk::stripe_back() {
    if (charges_.empty()) return;
    auto found = charges_.begin();
    std::advance(found, below(static_cast<int>(charges_.size())));
    auto& [payment, charge] = *found;
    if (charge.processing || charge.failed) return;
    const int dice = below(100);
    const auto dispute = [&](std::string_view type, bool inquiry) {
        outside(type,
                {{"dispute", "du_" + payment},
                 {"payment", payment},
                 {"amount", charge.amount},
                 {"currency", "usd"},
                 {"status", "x"},
                 {"inquiry", inquiry}},
                "stripe");
    };
    if (dice < 40 && !backs_.empty()) {
        Back& back = any(backs_);
        if (back.status == "pending")
            back.status = chance(80) ? "succeeded" : "failed";
        else if (back.status == "succeeded" && chance(12))
            back.status = "failed";
        tell_refund(back);
    } else if (dice < 55) { // a person refunds in the dashboard
        const auto most = charge.amount - refunded(payment);
        if (most <= 0 || (charge.disputed && !charge.dispute_closed)) return;
        backs_.push_back({"re_" + std::to_string(++refunds_), payment, "", "succeeded",
                          chance(40) ? most : 1 + below(static_cast<int>(most))});
        if (chance(50)) tell_refund(backs_.back());
        outside("refund.hint",
                {{"payment", payment}, {"charge", "ch"}, {"amount_refunded", refunded(payment)}, {"currency", "usd"}}, "stripe");
    } else if (dice < 70 && !charge.disputed) {
        if (chance(30)) return dispute("dispute.opened", true);
        charge.disputed = true;
        dispute("dispute.opened", false);
    } else if (dice < 90 && charge.disputed && !charge.dispute_closed) {
        charge.dispute_closed = true;
        dispute(chance(50) ? "dispute.won" : "dispute.lost", false);
    }
}

void Walk::zoom_speaks() {
    const Data data = desk.data();
    const auto current = data.meeting.id;
    const int dice = below(100);
    if (dice < 15) {
        const auto id = "85" + std::to_string(++meetings_);
        return outside("meeting.created",
                       {{"meeting", id}, {"marker", engine::to_string(desk.id)}, {"join_url", "https://zoom.us/j/" + id}},
                       "zoom");
    }
    if (current.empty()) return;
    const auto uuid = "u" + std::to_string(chance(60) ? uuids_ : ++uuids_);
    if (dice < 25)
        outside("meeting.deleted", {{"meeting", current}}, "zoom");
    else if (dice < 40)
        outside("meeting.updated", {{"meeting", current}, {"start", to_iso(desk.now + 5h)}}, "zoom");
    else if (dice < 60)
        outside("meeting.started", {{"meeting", current}, {"uuid", uuid}, {"at", to_iso(desk.now)}}, "zoom");
    else if (dice < 80)
        outside("meeting.ended", {{"meeting", current}, {"uuid", uuid}, {"ended", to_iso(desk.now)}}, "zoom");
    else if (dice < 92)
        outside("participant.joined", {{"meeting", current}, {"uuid", uuid}, {"host", chance(50)}}, "zoom");
    else
        outside("recording.completed", {{"meeting", current}, {"uuid", uuid}, {"share_url", "https://zoom.us/rec/x"}}, "zoom");
}

void Walk::an_operator() {
    const Data data = desk.data();
    switch (below(9)) {
    case 0: operate("cancel", {{"refund", chance(40) ? "full" : chance(50) ? "policy" : "none"}}); break;
    case 1: operate("cancel", {{"refund", below(12000)}}); break;
    case 2: operate("refund", {{"amount", 1 + below(12000)}}); break;
    case 3: operate("mark_paid", {{"amount", 9999}, {"reference", "cash"}}); break;
    case 4: operate("refunded_elsewhere", {{"amount", 1 + below(12000)}, {"reference", "wire"}}); break;
    case 5: operate("complete"); break;
    case 6: operate("no_show", {{"who", chance(50) ? "host" : "guest"}}); break;
    case 7:
        if (!data.flags.empty()) operate("resolve", {{"reason", data.flags.front().reason}, {"note", "seen"}});
        break;
    default:
        if (!data.calls.empty())
            operate(chance(70) ? "retry" : "skip", {{"activity", data.calls.front().activity}});
        else if (!desk.activities.empty())
            operate("skip", {{"activity", desk.activities.front().id}});
    }
}

void Walk::come_to_rest() {
    for (Back& back : backs_)
        if (back.status == "pending") back.status = "succeeded";
    for (auto& [payment, charge] : charges_) charge.processing = false;
    for (int round = 0; round < 600 && desk.workflow && !HasFailure(); ++round) {
        while (!desk.activities.empty() && !HasFailure()) {
            const Activity call = desk.activities.front();
            answer_well(call);
            for (Back& back : backs_)
                if (back.status == "pending") back.status = "succeeded";
        }
        if (desk.workflow->timers.empty()) break;
        const auto next = std::min_element(desk.workflow->timers.begin(), desk.workflow->timers.end(),
                                           [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
        desk.ring(std::string(next->first));
    }
}

} // namespace appointd::booking::testing
