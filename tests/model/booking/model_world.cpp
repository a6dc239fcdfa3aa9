#include "tests/model/booking/model.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

/// What people and providers do of themselves, each with the webhooks that it sends.
namespace appointd::model {

std::uint32_t Model::put(const Call& call) {
    return calls_.put(call.kind + "\x1f" + call.request + "\x1f" + std::to_string(call.seq) + "." + std::to_string(call.n) +
                          (call.sent ? "s" : "") + (call.landed ? "l" : ""),
                      call);
}

void Model::mail(Node& node, Message message) {
    if (message.at == Time{}) message.at = node.now;
    node.mail.push_back(put(std::move(message)));
}

void Model::tell(std::string words) {
    if (!story_) return;
    std::string& line = story_->lines.back();
    if (line.size() > 7) line += " · ";
    line += words;
}

Model::Model(const Scenario& scenario, const engine::Definition& definition) : scenario_(scenario), definition_(definition) {
    Row none;
    none.state_text = "none";
    rows_.put("", std::move(none));
}

Node Model::root() {
    Node node;
    node.now = monday;
    node.budget = scenario_.budget;
    if (scenario_.direct) return node;
    const json::object request{{"session_type", "coaching-60"},
                               {"terms", scenario_.terms},
                               {"invitee", json::object{{"name", "Ann"}, {"email", "ann@example.org"}}},
                               {"metadata", json::object{}},
                               {"page_key", "key"}};
    decide(node, put(Message{.type = "booking.requested",
                             .source = "api",
                             .payload = json::serialize(request),
                             .at = monday,
                             .brief = "booking.requested"}));
    return node;
}

Node Model::after(const Node& before, const Step& step, Story* story) {
    story_ = story;
    Node node = before;
    node.budget.spend(step.trouble);
    if (story_) story_->lines.push_back(to_iso(node.now).substr(11, 5) + "  ");
    const auto index = static_cast<std::size_t>(step.a);
    switch (step.kind) {
    case Kind::pass:
        if (step.a == 0 && !node.mail.empty()) {
            tell("webhooks are lost:");
            for (const auto number : node.mail) tell(messages_[number].brief);
            node.mail.clear();
            node.lost = true;
        }
        node.now = *next_alarm(node);
        tell("time passes to " + to_iso(node.now).substr(11, 5));
        break;
    case Kind::ring: ring(node); break;
    case Kind::answer: arrive(node, index); break;
    case Kind::deliver:
    case Kind::duplicate: {
        const auto number = node.mail.at(index);
        if (step.kind == Kind::deliver) node.mail.erase(node.mail.begin() + step.a);
        if (step.kind == Kind::duplicate) tell("again:");
        deliver(node, number);
        if (const int then = messages_[number].then; then >= 0) deliver(node, static_cast<std::uint32_t>(then));
        break;
    }
    case Kind::call:
    case Kind::call_refused:
    case Kind::call_used_up:
    case Kind::call_used_up_unseen:
    case Kind::call_twin: execute(node, index, step.kind); break;
    case Kind::operate: deliver(node, put(operator_choices(node).at(index))); break;
    case Kind::skip_open: {
        const bool open = index < node.calls.size();
        const auto call = open ? node.calls[index] : answers_[node.answers[index - node.calls.size()]].call;
        const auto id = engine::to_string(engine::ActivityId{booking_id(), calls_[call].seq, calls_[call].n});
        deliver(node, put(by_operator("skip", {{"activity", id}}, node.now, id.substr(id.find('.') + 1))));
        break;
    }
    case Kind::book:
    case Kind::book_again:
    case Kind::reschedule:
    case Kind::cancel:
    case Kind::set_no_show:
    case Kind::clear_no_show: at_calendly(node, step); break;
    case Kind::delete_meeting:
    case Kind::move_meeting:
    case Kind::meet:
    case Kind::leave: at_zoom(node, step); break;
    default: at_stripe(node, step);
    }
    std::sort(node.mail.begin(), node.mail.end());
    story_ = nullptr;
    return node;
}

void Model::at_calendly(Node& node, const Step& step) {
    auto& seats = node.world.seats;
    const auto index = static_cast<std::size_t>(step.a);
    const int n = static_cast<int>(index) + 1, fresh = static_cast<int>(seats.size()) + 1;
    const auto name = [](int invitee) { return "I" + std::to_string(invitee); };
    switch (step.kind) {
    case Kind::book:
    case Kind::book_again:
        seats.push_back({.start = step.kind == Kind::book ? first_start : first_start + 2h, .created = node.now});
        tell("the invitee takes a slot (" + name(fresh) + ")");
        return mail(node, slot_seen(scenario_, node.world, fresh));
    case Kind::reschedule: {
        seats.push_back({.start = seats[index].start + (step.b ? -2h : 2h), .created = node.now, .before = n});
        seats[index].active = false;
        seats[index].next = fresh;
        seats[index].canceled_at = node.now;
        tell("the invitee reschedules " + name(n) + " to " + name(fresh) + ", " + to_iso(seats.back().start).substr(11, 5));
        mail(node, slot_left(node.world, n));
        return mail(node, slot_seen(scenario_, node.world, fresh));
    }
    case Kind::cancel:
        seats[index].active = false;
        seats[index].by_host = step.b == 1;
        seats[index].canceled_at = node.now;
        tell((step.b ? "the host cancels " : "the invitee cancels ") + name(n));
        return mail(node, slot_left(node.world, n));
    case Kind::set_no_show:
    case Kind::clear_no_show:
        seats[index].no_show = step.kind == Kind::set_no_show;
        tell(step.kind == Kind::set_no_show ? "the host marks a no-show" : "the host clears the no-show");
        return mail(node, no_show(n, step.kind == Kind::set_no_show, node.now));
    default: return;
    }
}

/// A person refunds in Stripe's dashboard: a part, or all that is left.
void Model::refund_by_hand(Node& node, int charge, bool all) {
    auto& world = node.world;
    std::int64_t left = world.charges[static_cast<std::size_t>(charge - 1)].amount;
    for (const Back& back : world.backs)
        if (back.charge == charge && back.phase != Back::failed) left -= back.amount;
    world.backs.push_back({.amount = all ? left : std::min<std::int64_t>(left, 300), .charge = charge, .ours = {}});
    tell("a person refunds " + std::to_string(world.backs.back().amount) + " of " + payment_id(charge) + " at Stripe");
    // Stripe sends both; one of them is enough to make the booking look, and the other is then an echo.
    if (all) return mail(node, refund_hint(world, charge, node.now));
    mail(node, of_refund(world, static_cast<int>(world.backs.size()), node.now));
}

void Model::at_stripe(Node& node, const Step& step) {
    auto& world = node.world;
    const auto index = static_cast<std::size_t>(step.a);
    const int n = static_cast<int>(index) + 1;
    const auto price = scenario_.terms.at("price").to_number<std::int64_t>();
    const auto charge = [&](Charge::Phase phase, std::int64_t amount, int session) {
        int number = session ? world.sessions[index].charge : 0; // declined before: the same intent
        if (!number) {
            world.charges.push_back({});
            number = static_cast<int>(world.charges.size());
        }
        world.charges[static_cast<std::size_t>(number - 1)] = {.phase = phase, .amount = amount, .session = session};
        if (session) world.sessions[index].charge = number;
        return number;
    };
    switch (step.kind) {
    case Kind::pay:
    case Kind::pay_wrong: {
        const int number = charge(Charge::captured, step.kind == Kind::pay ? price : 700, n);
        world.sessions[index].phase = Session::complete;
        tell("the customer pays " + session_id(n) + (step.kind == Kind::pay ? "" : " with a wrong sum"));
        mail(node, captured(world, number, true));
        return mail(node, captured(world, number, false));
    }
    case Kind::pay_async: {
        const int number = charge(Charge::processing, price, n);
        world.sessions[index].phase = Session::complete;
        tell("the customer pays " + session_id(n) + " by a slow method");
        return mail(node, of_charge("payment.processing", world, number, node.now));
    }
    case Kind::async_ends:
        world.charges[index].phase = step.b ? Charge::captured : Charge::failed;
        tell(payment_id(n) + (step.b ? " succeeds" : " fails"));
        if (step.b) return mail(node, captured(world, n, true));
        return mail(node, of_charge("payment.failed", world, n, node.now));
    case Kind::decline: {
        const int number = charge(Charge::declined, price, n);
        tell("the card is declined");
        return mail(node, of_charge("payment.declined", world, number, node.now));
    }
    case Kind::expire:
        world.sessions[index].phase = Session::expired;
        tell("Stripe ends " + session_id(n));
        return mail(node, session_expired(n, node.now));
    case Kind::pay_surplus: {
        const int number = charge(Charge::captured, step.a || price == 0 ? 700 : price, 0);
        tell("money with our mark comes otherwise: " + payment_id(number) + " " + std::to_string(world.charges.back().amount));
        return mail(node, captured(world, number, false));
    }
    case Kind::refund_by_hand: return refund_by_hand(node, n, step.b == 1);
    case Kind::refund_ends:
        world.backs[index].phase = Back::succeeded;
        tell(refund_id(n) + " succeeds");
        return mail(node, of_refund(world, n, node.now));
    case Kind::refund_fails:
        world.backs[index].phase = Back::failed;
        tell(refund_id(n) + " fails");
        return mail(node, of_refund(world, n, node.now));
    case Kind::dispute:
    case Kind::inquire:
        world.charges[index].dispute = step.kind == Kind::dispute ? Charge::open : Charge::inquiry;
        tell("the bank disputes " + payment_id(n) + (step.kind == Kind::dispute ? "" : " (inquiry)"));
        return mail(node, of_dispute("dispute.opened", world, n, node.now));
    case Kind::dispute_ends:
        world.charges[index].dispute = step.b ? Charge::won : Charge::lost;
        tell("the dispute of " + payment_id(n) + (step.b ? " is won" : " is lost"));
        return mail(node, of_dispute(step.b ? "dispute.won" : "dispute.lost", world, n, node.now));
    default: return;
    }
}

void Model::at_zoom(Node& node, const Step& step) {
    const auto index = static_cast<std::size_t>(step.a);
    const int n = static_cast<int>(index) + 1;
    Meeting& meeting = node.world.meetings[index];
    const json::object uuid{{"uuid", "u" + std::to_string(n) + (meeting.used ? "again" : "")}};
    switch (step.kind) {
    case Kind::delete_meeting:
        meeting.live = false;
        tell("the host deletes " + meeting_id(n));
        return mail(node, of_meeting("meeting.deleted", n, node.now));
    case Kind::move_meeting:
        meeting.start += 5h;
        tell("the host moves " + meeting_id(n));
        return mail(node, of_meeting("meeting.updated", n, node.now, {{"start", to_iso(meeting.start)}}));
    case Kind::meet: {
        meeting.running = true;
        if (step.b == 0) node.world.met = true;
        tell((step.b ? "a rehearsal in " : "they meet in ") + meeting_id(n));
        json::object started = uuid, joined = uuid;
        started["at"] = to_iso(node.now);
        joined["host"] = step.b == 1;
        // The two come close together: what one of them lost alone would tell is in the other.
        auto message = of_meeting("meeting.started", n, node.now, std::move(started));
        message.then = static_cast<int>(put(of_meeting("participant.joined", n, node.now, std::move(joined))));
        return mail(node, std::move(message));
    }
    case Kind::leave: {
        meeting.running = false;
        meeting.ended = node.now;
        meeting.used = true; // (the uuid above is still that of this meeting)
        tell("they leave " + meeting_id(n));
        json::object ended = uuid;
        ended["ended"] = to_iso(node.now);
        return mail(node, of_meeting("meeting.ended", n, node.now, std::move(ended)));
    }
    default: return;
    }
}

} // namespace appointd::model
