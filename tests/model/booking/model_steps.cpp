#include "tests/model/booking/model.hpp"

#include <algorithm>

/// What may happen next.
namespace appointd::model {
namespace {

using booking::State;

std::uint8_t small(std::size_t value) { return static_cast<std::uint8_t>(value); }

void add(const Node& node, std::vector<Step>& out, Kind kind, std::size_t a = 0, std::size_t b = 0,
         Trouble trouble = Trouble::none) {
    if (node.budget.allows(trouble)) out.push_back({kind, small(a), small(b), trouble});
}

std::int64_t unreturned(const Node& node, std::size_t charge) {
    std::int64_t left = node.world.charges[charge].amount;
    for (const Back& back : node.world.backs)
        if (back.charge == static_cast<int>(charge) + 1 && back.phase != Back::failed) left -= back.amount;
    return left;
}

} // namespace

void Model::steps(const Node& node, std::vector<Step>& out) const {
    out.clear();
    if (!node.calls.empty()) return calls(node, out);
    engine(node, out);
    people(node, out);
    stripe(node, out);
    zoom(node, out);
}

/// A call is executed at once. Nothing is lost by that: what people and providers do between the asking and the execution they
/// might have done before the asking, for they do not see it; and what the booking decides meanwhile does not change the request.
/// Only the clock may move on first (Trouble::late), or an operator close the call.
void Model::calls(const Node& node, std::vector<Step>& out) const {
    const Call& call = calls_[node.calls.front()];
    add(node, out, Kind::call);
    if (!call.landed) add(node, out, Kind::call_refused, 0, 0, Trouble::refused);
    add(node, out, Kind::call_used_up, 0, 0, Trouble::used_up);
    add(node, out, Kind::call_used_up_unseen, 0, 0, Trouble::used_up);
    if (call.kind == "meeting.create") add(node, out, Kind::call_twin, 0, 0, Trouble::twin);
    add(node, out, Kind::skip_open, 0, 0, Trouble::operate);
    if (next_alarm(node)) add(node, out, Kind::pass, 1, 0, Trouble::late);
}

void Model::engine(const Node& node, std::vector<Step>& out) const {
    for (std::size_t i = 0; i < node.answers.size(); ++i) add(node, out, Kind::answer, i);
    for (std::size_t i = 0; i < node.mail.size(); ++i) {
        if (i > 0 && node.mail[i] == node.mail[i - 1]) continue;
        add(node, out, Kind::deliver, i);
        add(node, out, Kind::duplicate, i, 0, Trouble::duplicate);
    }
    const bool due = due_timer(row(node), node.now) != nullptr;
    if (due) add(node, out, Kind::ring);
    const bool over = !booking::is_alive(row(node).state) && node.row != 0;
    const bool idle_for_long = row(node).data.reconciled > scenario_.reconciliations && (over || !row(node).data.flags.empty());
    if (!next_alarm(node) || idle_for_long) return;
    const bool waits = due || !node.answers.empty();
    add(node, out, Kind::pass, 0, 0, waits ? Trouble::late : Trouble::none);
    if (!node.mail.empty()) add(node, out, Kind::pass, 1, 0, Trouble::late);
}

void Model::people(const Node& node, std::vector<Step>& out) const {
    const auto& seats = node.world.seats;
    const bool link = scenario_.direct || !row(node).data.link.empty();
    if (seats.empty() && link && node.now < first_start - 1h) add(node, out, Kind::book);
    if (!seats.empty() && link && seats.size() < 4) add(node, out, Kind::book_again, 0, 0, Trouble::second_booking);
    for (std::size_t i = 0; i < seats.size(); ++i) {
        const Seat& seat = seats[i];
        if (!seat.ours || !seat.active) continue;
        if (node.now < seat.start && seats.size() < 5) {
            add(node, out, Kind::reschedule, i, 0, Trouble::reschedule);
            if (node.now < seat.start - 2h) add(node, out, Kind::reschedule, i, 1, Trouble::reschedule);
        }
        if (node.now < seat.start + 1h) {
            add(node, out, Kind::cancel, i, 0, Trouble::cancel);
            add(node, out, Kind::cancel, i, 1, Trouble::cancel);
        }
        if (node.now >= seat.start && !seat.no_show) add(node, out, Kind::set_no_show, i, 0, Trouble::no_show);
        if (seat.no_show) add(node, out, Kind::clear_no_show, i, 0, Trouble::no_show);
    }
    if (node.budget.allows(Trouble::operate) && node.row != 0) {
        const auto choices = operator_choices(node);
        for (std::size_t i = 0; i < choices.size(); ++i) add(node, out, Kind::operate, i, 0, Trouble::operate);
        for (std::size_t i = 0; i < node.calls.size() + node.answers.size(); ++i)
            add(node, out, Kind::skip_open, i, 0, Trouble::operate);
    }
}

void Model::stripe(const Node& node, std::vector<Step>& out) const {
    const auto& world = node.world;
    for (std::size_t i = 0; i < world.sessions.size(); ++i) {
        if (world.sessions[i].phase != Session::open) continue;
        add(node, out, Kind::pay, i);
        add(node, out, Kind::pay_wrong, i, 0, Trouble::wrong_sum);
        add(node, out, Kind::pay_async, i, 0, Trouble::async);
        add(node, out, Kind::decline, i, 0, Trouble::decline);
        add(node, out, Kind::expire, i, 0, Trouble::expire);
    }
    if (node.row != 0 && world.charges.size() < 4) {
        add(node, out, Kind::pay_surplus, 0, 0, Trouble::surplus);
        add(node, out, Kind::pay_surplus, 1, 0, Trouble::surplus);
    }
    for (std::size_t i = 0; i < world.charges.size(); ++i) {
        const Charge& charge = world.charges[i];
        if (charge.phase == Charge::processing) {
            add(node, out, Kind::async_ends, i, 1);
            add(node, out, Kind::async_ends, i, 0);
        }
        if (charge.phase != Charge::captured) continue;
        const bool disputed = charge.dispute == Charge::open || charge.dispute == Charge::lost;
        if (!disputed && unreturned(node, i) > 0 && world.backs.size() < 6) {
            add(node, out, Kind::refund_by_hand, i, 0, Trouble::by_hand);
            add(node, out, Kind::refund_by_hand, i, 1, Trouble::by_hand);
        }
        if (charge.dispute == Charge::never || charge.dispute == Charge::inquiry)
            add(node, out, Kind::dispute, i, 0, Trouble::dispute);
        if (charge.dispute == Charge::never) add(node, out, Kind::inquire, i, 0, Trouble::inquiry);
        if (charge.dispute == Charge::open) add(node, out, Kind::dispute_ends, i, 0);
        if (charge.dispute == Charge::open || charge.dispute == Charge::inquiry) add(node, out, Kind::dispute_ends, i, 1);
    }
    for (std::size_t i = 0; i < world.backs.size(); ++i) {
        const Back& back = world.backs[i];
        if (back.phase == Back::pending) add(node, out, Kind::refund_ends, i);
        if (back.phase != Back::failed) add(node, out, Kind::refund_fails, i, 0, Trouble::refund_fails);
    }
}

void Model::zoom(const Node& node, std::vector<Step>& out) const {
    const auto& meetings = node.world.meetings;
    for (std::size_t i = 0; i < meetings.size(); ++i) {
        const Meeting& meeting = meetings[i];
        if (!meeting.live || meeting.unseen) continue;
        if (meeting.running) {
            add(node, out, Kind::leave, i);
            continue;
        }
        add(node, out, Kind::delete_meeting, i, 0, Trouble::by_host);
        add(node, out, Kind::move_meeting, i, 0, Trouble::by_host);
        const bool time = node.now >= meeting.start && node.now < meeting.start + 1h;
        if (time && !node.world.met)
            add(node, out, Kind::meet, i);
        else
            add(node, out, Kind::meet, i, 1, Trouble::by_host); // a rehearsal, or once more
    }
}

std::string Model::name_of(const Node& node, const Step& step) const {
    const auto index = static_cast<std::size_t>(step.a);
    std::string what;
    const auto number = static_cast<int>(step.kind);
    if (step.kind == Kind::deliver || step.kind == Kind::duplicate)
        what = messages_[node.mail.at(index)].brief;
    else if (step.kind == Kind::answer)
        what = messages_[answers_[node.answers.at(index)].message].brief;
    else if (step.kind == Kind::operate) {
        const auto choice = operator_choices(node).at(index);
        what = choice.brief;
    } else if (step.kind == Kind::skip_open)
        what = calls_[index < node.calls.size() ? node.calls[index] : answers_[node.answers.at(index - node.calls.size())].call]
                   .kind;
    else if (step.kind >= Kind::call && step.kind <= Kind::call_twin)
        what = calls_[node.calls.at(index)].kind;
    else
        what = std::to_string(step.a);
    return std::to_string(number) + " " + what + " " + std::to_string(step.b);
}

std::vector<Message> Model::operator_choices(const Node& node) const {
    const Row& current = row(node);
    const Time at = node.now;
    std::vector<Message> choices;
    const bool over = booking::is_dead(current.state);
    if (!over) {
        for (const auto* refund : {"full", "policy", "none"})
            choices.push_back(by_operator("cancel", {{"refund", refund}}, at, std::string("refund ") + refund));
        choices.push_back(by_operator("cancel", {{"refund", 1000}}, at, "refund 1000"));
        choices.push_back(by_operator("mark_paid", {{"reference", "cash"}}, at, "in cash"));
    }
    if (!node.world.charges.empty()) {
        choices.push_back(by_operator("refund", {{"amount", 1000}}, at, "1000"));
        choices.push_back(by_operator("refund", {{"amount", 9999}}, at, "9999"));
        choices.push_back(by_operator("refunded_elsewhere", {{"amount", 9999}, {"reference", "wire"}}, at, "9999"));
        choices.push_back(by_operator("refunded_elsewhere", {{"amount", 500}, {"reference", "wire"}}, at, "500"));
    }
    for (const auto& payment : current.data.money.payments)
        if (payment.role == booking::Role::unasked && payment.waiting > 0)
            choices.push_back(by_operator("mark_paid", {{"payment", payment.id}}, at, payment.id));
    if (current.state == State::confirmed) choices.push_back(by_operator("complete", {}, at, ""));
    if (current.state == State::confirmed || current.state == State::completed)
        for (const auto* who : {"host", "guest"}) choices.push_back(by_operator("no_show", {{"who", who}}, at, who));
    for (const auto& flag : current.data.flags)
        choices.push_back(by_operator("resolve", {{"reason", flag.reason}, {"note", "seen"}}, at, flag.reason));
    for (const auto& call : current.data.calls) {
        choices.push_back(by_operator("retry", {{"activity", call.activity}}, at, call.kind));
        choices.push_back(by_operator("skip", {{"activity", call.activity}}, at, call.kind));
    }
    return choices;
}

std::optional<Time> Model::next_alarm(const Node& node) const {
    std::optional<Time> next;
    const auto consider = [&](Time at) {
        if (at > node.now && (!next || at < *next)) next = at;
    };
    for (const auto& timer : row(node).timers) consider(timer.second.at);
    if (booking::is_dead(row(node).state) && !next) return next;
    for (const Seat& seat : node.world.seats)
        if (seat.active && seat.ours) {
            consider(seat.start);
            consider(seat.start + 1h);
        }
    return next;
}

} // namespace appointd::model
