#include "tests/model/booking/model.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

/// What the providers make of our calls, and what the adapters answer for them.
namespace appointd::model {
namespace {

std::int64_t form_amount(const json::object& request) {
    if (const auto* fields = array_field(request, "form"))
        for (const auto& field : *fields)
            if (field.at(0).as_string() == "amount") return std::stoll(std::string(field.at(1).as_string()));
    return 0;
}

std::int64_t returned(const Providers& world, int charge) {
    std::int64_t sum = 0;
    for (const Back& back : world.backs)
        if (back.charge == charge && back.phase != Back::failed) sum += back.amount;
    return sum;
}

json::object request_of(const Call& call) { return parse_object(call.request).value_or(json::object{}); }

std::optional<Time> start_of(const json::object& request) {
    const auto* body = object_field(request, "body");
    return body ? time_field(*body, "start_time") : std::nullopt;
}

} // namespace

void Model::execute(Node& node, std::size_t index, Kind how) {
    Call call = calls_[node.calls.at(index)];
    node.calls.erase(node.calls.begin() + static_cast<std::ptrdiff_t>(index));
    const bool failed = how == Kind::call_refused || how == Kind::call_used_up || how == Kind::call_used_up_unseen;
    const bool exhausted = failed && how != Kind::call_refused;
    json::object payload{{"activity", engine::to_string(engine::ActivityId{booking_id(), call.seq, call.n})},
                         {"request", request_of(call)}};
    Answer answer{.failed = failed};
    std::string words = call.kind;
    if (how == Kind::call_used_up_unseen) { // it took effect, and no answer ever arrived
        Answer lost;
        perform(node, call, lost, how);
        call.landed = true;
        words += " takes effect, and every answer is lost";
    } else if (failed) {
        words += exhausted ? " is used up" : " is refused for good";
    }
    if (failed && tells_what_is(call)) node.lost = true;
    if (failed) {
        payload["code"] = exhausted ? "unavailable" : "refused";
        payload["message"] = "it did not work";
        payload["exhausted"] = exhausted;
        payload["skipped"] = false;
    } else {
        auto result = perform(node, call, answer, how);
        words += how == Kind::call_twin ? " lands twice" : " is executed";
        if (story_) words += " " + json::serialize(result).substr(0, 120);
        payload["result"] = std::move(result);
    }
    tell(std::move(words));
    call.sent = call.sent || exhausted;
    answer.call = put(call);
    answer.message = put(Message{.type = call.kind + (failed ? ".failed" : ".succeeded"),
                                 .source = "activity",
                                 .payload = json::serialize(payload),
                                 .at = node.now,
                                 .brief = call.kind + (failed ? ".failed" : ".succeeded")});
    std::string key = std::to_string(answer.call) + "|" + std::to_string(answer.message);
    for (const auto learned : answer.learned) key += "|" + std::to_string(learned);
    node.answers.push_back(answers_.put(std::move(key), std::move(answer)));
    std::sort(node.answers.begin(), node.answers.end());
}

json::object Model::perform(Node& node, const Call& call, Answer& answer, Kind how) {
    auto& world = node.world;
    const auto request = request_of(call);
    const int session = number_in(text_field(request, "session").value_or(""));
    if (call.kind == "link.create") return {{"url", "https://calendly.com/d/x"}};
    if (call.kind == "slot.cancel") {
        const int n = number_in(text_field(request, "event").value_or(""));
        Seat& seat = world.seats.at(static_cast<std::size_t>(n - 1));
        if (!seat.active) return {{"done", "already"}};
        if (node.now >= seat.start) return {{"done", "past"}};
        seat.active = false;
        seat.by_host = true;
        seat.canceled_at = node.now;
        mail(node, slot_left(world, n));
        return {{"done", "canceled"}};
    }
    if (call.kind == "slot.look") return look_at_slot(node, call, answer);
    if (call.kind == "checkout.create") {
        const auto n = static_cast<std::size_t>(int_field(request, "n").value_or(1));
        if (world.sessions.size() < n) world.sessions.resize(n, Session{Session::unborn, 0});
        Session& made = world.sessions[n - 1]; // the same key answers the same session
        if (made.phase == Session::unborn) made.phase = Session::open;
        return {{"session", session_id(static_cast<int>(n))}, {"url", "https://checkout.stripe.com/" + std::to_string(n)}};
    }
    if (call.kind == "checkout.expire" || call.kind == "checkout.look") {
        Session& seen = world.sessions.at(static_cast<std::size_t>(session - 1));
        if (call.kind == "checkout.expire" && seen.phase == Session::open) {
            seen.phase = Session::expired;
            mail(node, session_expired(session, node.now));
        }
        if (seen.phase == Session::complete && world.charges[static_cast<std::size_t>(seen.charge - 1)].phase == Charge::failed)
            answer.learned.push_back(put(of_charge("payment.failed", world, seen.charge, node.now, "reconcile")));
        return session_facts(world, session);
    }
    if (call.kind == "refund.create") return make_refund(node, call);
    if (call.kind == "refund.list")
        return {{"refunds", refunds_listed(world, number_in(text_field(request, "payment").value_or("")))}};
    if (call.kind.starts_with("meeting.")) return make_meeting(node, call, answer, how);
    return {};
}

json::object Model::make_refund(Node& node, const Call& call) {
    auto& world = node.world;
    const auto request = request_of(call);
    const auto ours = text_field(request, "refund").value_or("");
    const int charge_number = number_in(text_field(request, "payment").value_or(""));
    const auto made = [](std::size_t index, const Back& back) {
        static constexpr const char* statuses[]{"pending", "succeeded", "failed"};
        return json::object{{"done", "made"},
                            {"refund", refund_id(static_cast<int>(index) + 1)},
                            {"status", statuses[back.first]},
                            {"amount", back.amount}};
    };
    for (std::size_t i = 0; i < world.backs.size(); ++i) // the same key answers what it answered before
        if (world.backs[i].ours == ours) return made(i, world.backs[i]);
    const Charge& charge = world.charges.at(static_cast<std::size_t>(charge_number - 1));
    if (charge.dispute == Charge::open || charge.dispute == Charge::lost) return {{"done", "disputed"}, {"refund", nullptr}};
    const auto amount = form_amount(request);
    if (amount > charge.amount - returned(world, charge_number))
        return {{"done", "already_refunded"}, {"refund", nullptr}, {"refunds", refunds_listed(world, charge_number)}};
    const bool slow = node.budget.allows(Trouble::slow_refund); // while the budget lasts, refunds take their time
    if (slow) node.budget.spend(Trouble::slow_refund);
    const auto phase = slow ? Back::pending : Back::succeeded;
    world.backs.push_back({.phase = phase, .first = phase, .amount = amount, .charge = charge_number, .ours = ours});
    const auto index = world.backs.size() - 1;
    mail(node, of_refund(world, static_cast<int>(index) + 1, node.now));
    return made(index, world.backs[index]);
}

json::object Model::make_meeting(Node& node, const Call& call, Answer& answer, Kind how) {
    auto& meetings = node.world.meetings;
    const auto request = request_of(call);
    const auto start = start_of(request);
    const auto facts = [&](int n, bool adopted) {
        return json::object{{"meeting", meeting_id(n)},
                            {"join_url", "https://zoom.us/j/" + std::to_string(n)},
                            {"start", to_iso(meetings[static_cast<std::size_t>(n - 1)].start)},
                            {"adopted", adopted}};
    };
    if (call.kind == "meeting.create") {
        if (call.sent) // repeated: it looks before it creates
            for (std::size_t i = 0; i < meetings.size(); ++i)
                if (meetings[i].live && meetings[i].start == *start) {
                    meetings[i].unseen = how == Kind::call_used_up_unseen;
                    return facts(static_cast<int>(i) + 1, true);
                }
        for (int twins = how == Kind::call_twin ? 2 : 1; twins > 0; --twins) {
            meetings.push_back({.start = *start, .unseen = how == Kind::call_used_up_unseen});
            const int n = static_cast<int>(meetings.size());
            mail(node, of_meeting("meeting.created", n, node.now,
                                  {{"marker", engine::to_string(booking_id())},
                                   {"join_url", "https://zoom.us/j/" + std::to_string(n)},
                                   {"start", to_iso(*start)}}));
        }
        const int last = static_cast<int>(meetings.size());
        if (how != Kind::call_twin) return facts(last, false);
        // The first attempt's answer arrives after all, refused by its epoch.
        const json::object orphan{{"activity", engine::to_string(engine::ActivityId{booking_id(), call.seq, call.n})},
                                  {"request", request},
                                  {"kind", call.kind},
                                  {"result", facts(last, false)}};
        const auto number = put(Message{.type = "orphan.found",
                                        .source = "activity",
                                        .payload = json::serialize(orphan),
                                        .at = node.now,
                                        .brief = "orphan.found " + meeting_id(last)});
        auto late = call;
        late.sent = true;
        node.answers.push_back(answers_.put("orphan" + std::to_string(number), Answer{put(late), number, false, {}}));
        return facts(last - 1, false);
    }
    const int n = number_in(text_field(request, "meeting").value_or(""));
    Meeting& meeting = meetings.at(static_cast<std::size_t>(n - 1));
    if (call.kind == "meeting.look") return look_at_meeting(node, request, n, answer);
    if (call.kind == "meeting.update") {
        if (!meeting.live) return {{"found", false}, {"running", false}, {"start", nullptr}};
        if (!meeting.running && start && *start > node.now) {
            meeting.start = *start;
            mail(node, of_meeting("meeting.updated", n, node.now, {{"start", to_iso(*start)}}));
        }
        return {{"found", true}, {"running", meeting.running}, {"start", to_iso(meeting.start)}};
    }
    if (!meeting.live) return {{"done", "gone"}};
    if (meeting.running) return {{"done", "running"}};
    meeting.live = false;
    mail(node, of_meeting("meeting.deleted", n, node.now));
    return {{"done", "deleted"}};
}

/// What Zoom says now enters as the events that its webhooks would have been.
json::object Model::look_at_meeting(const Node& node, const json::object& request, int n, Answer& answer) {
    const Meeting& meeting = node.world.meetings[static_cast<std::size_t>(n - 1)];
    const auto learn = [&](std::string_view type, json::object more) {
        auto message = of_meeting(type, n, node.now, std::move(more));
        message.source = "reconcile";
        answer.learned.push_back(put(std::move(message)));
    };
    if (!meeting.live) {
        learn("meeting.deleted", {});
        return {{"found", false}, {"running", false}, {"start", nullptr}};
    }
    const auto wanted = time_field(request, "start");
    const json::object uuid{{"uuid", "u" + std::to_string(n)}};
    if (bool_field(request, "moved").value_or(false) || wanted != meeting.start)
        learn("meeting.updated", {{"start", to_iso(meeting.start)}});
    if (bool_field(request, "sessions").value_or(false) && meeting.used && wanted && meeting.ended >= *wanted) {
        auto started = uuid, ended = uuid;
        started["at"] = to_iso(*wanted);
        ended["ended"] = to_iso(meeting.ended);
        learn("meeting.started", std::move(started));
        learn("meeting.ended", std::move(ended));
    }
    return {{"found", true}, {"running", meeting.running}, {"start", to_iso(meeting.start)}};
}

/// What Calendly says now enters as the events that its webhooks would have been, along the chain of reschedules.
json::object Model::look_at_slot(Node& node, const Call& call, Answer& answer) {
    const auto& world = node.world;
    int n = number_in(text_field(request_of(call), "invitee").value_or(""));
    const bool by_claim = n == 0;
    for (std::size_t i = 0; i < world.seats.size() && by_claim && !scenario_.direct && n == 0; ++i) n = static_cast<int>(i) + 1;
    if (n == 0) return {{"found", false}};
    const auto& first = world.seats[static_cast<std::size_t>(n - 1)];
    json::object facts{{"found", true},
                       {"status", first.active ? "active" : "canceled"},
                       {"rescheduled", first.next != 0},
                       {"new_invitee", first.next ? json::value(invitee_uri(first.next)) : json::value(nullptr)}};
    if (first.active) {
        for (const auto& field : slot_facts(scenario_, world, n)) facts[field.key()] = field.value();
        const bool calendly = scenario_.location == "zoom" || scenario_.terms.at("place") == "calendly";
        facts["join_url"] = calendly ? json::value("https://zoom.us/j/calendly") : json::value(nullptr);
    }
    for (int current = n, hop = 0; current != 0; ++hop) {
        const Seat& seat = world.seats[static_cast<std::size_t>(current - 1)];
        if (hop > 0 || by_claim || seat.before) answer.learned.push_back(put(slot_seen(scenario_, world, current, "reconcile")));
        if (seat.no_show) answer.learned.push_back(put(no_show(current, true, node.now)));
        if (seat.active) break;
        answer.learned.push_back(put(slot_left(world, current, "reconcile")));
        current = seat.next;
    }
    return facts;
}

} // namespace appointd::model
