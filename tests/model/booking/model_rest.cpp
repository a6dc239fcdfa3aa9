#include "tests/model/booking/model.hpp"

#include "workflows/booking/guards.hpp"

#include <algorithm>

/// A booking left alone, and what its providers hold.
namespace appointd::model {

bool Model::quiet(const Node& node) const {
    const auto& calls = row(node).data.calls;
    const bool unknown = std::any_of(calls.begin(), calls.end(), [](const booking::Call& call) { return call.exhausted; });
    return node.row != 0 && !unknown && node.calls.empty() && node.answers.empty() && node.mail.empty() && node.parked.empty() &&
           !due_timer(row(node), node.now);
}

bool Model::settle_world(Node& node) {
    auto& world = node.world;
    const auto number = [](std::size_t index) { return static_cast<std::uint8_t>(index); };
    for (std::size_t i = 0; i < world.meetings.size(); ++i)
        if (world.meetings[i].live && world.meetings[i].running) return at_zoom(node, {Kind::leave, number(i)}), true;
    for (std::size_t i = 0; i < world.backs.size(); ++i)
        if (world.backs[i].phase == Back::pending) return at_stripe(node, {Kind::refund_ends, number(i)}), true;
    for (std::size_t i = 0; i < world.charges.size(); ++i) {
        const Charge& charge = world.charges[i];
        // Which way it ends is for the exploration; here one of both, by what came before.
        if (charge.phase == Charge::processing)
            return at_stripe(node, {Kind::async_ends, number(i), number(node.mail.size() + i) % 2 == 0}), true;
        if (charge.dispute == Charge::open)
            return at_stripe(node, {Kind::dispute_ends, number(i), number(world.backs.size()) % 2 == 0}), true;
        if (charge.dispute == Charge::inquiry) return at_stripe(node, {Kind::dispute_ends, number(i), 1}), true;
    }
    return false;
}

bool Model::settle(Node& node, bool mail_arrives, Story* story) {
    story_ = story;
    if (story_) story_->lines.push_back(to_iso(node.now).substr(11, 5) + "  ");
    if (!mail_arrives) node.mail.clear();
    bool moved = true;
    if (!node.mail.empty()) {
        const auto number = node.mail.front();
        node.mail.erase(node.mail.begin());
        deliver(node, number);
        if (const int then = messages_[number].then; then >= 0) deliver(node, static_cast<std::uint32_t>(then));
    } else if (!node.answers.empty()) {
        arrive(node, 0);
    } else if (!node.calls.empty()) {
        execute(node, 0, Kind::call);
    } else if (due_timer(row(node), node.now)) {
        ring(node);
    } else if (!settle_world(node)) {
        std::optional<Time> next;
        for (const auto& timer : row(node).timers)
            if (!next || timer.second.at < *next) next = timer.second.at;
        if (next) {
            node.now = *next;
            tell("time passes to " + to_iso(node.now).substr(11, 5));
        }
        moved = next.has_value();
    }
    if (!mail_arrives) node.mail.clear();
    std::sort(node.mail.begin(), node.mail.end());
    story_ = nullptr;
    return moved;
}

booking::World Model::world_of(const Node& node) const {
    const auto& from = node.world;
    booking::World world;
    world.now = node.now;
    const auto number = [](std::size_t index) { return static_cast<int>(index) + 1; };
    for (std::size_t i = 0; i < from.sessions.size(); ++i)
        if (from.sessions[i].phase != Session::unborn)
            world.sessions.push_back({session_id(number(i)), from.sessions[i].phase == Session::open});
    for (std::size_t i = 0; i < from.charges.size(); ++i) {
        const Charge& charge = from.charges[i];
        if (charge.phase == Charge::captured) world.charges.push_back({payment_id(number(i)), "usd", charge.amount});
        if (charge.dispute == Charge::never) continue;
        static constexpr booking::DisputePhase phases[]{booking::DisputePhase::won, booking::DisputePhase::inquiry,
                                                        booking::DisputePhase::open, booking::DisputePhase::won,
                                                        booking::DisputePhase::lost};
        world.disputes.push_back(
            {"du_" + std::to_string(number(i)), payment_id(number(i)), charge.amount, phases[charge.dispute]});
    }
    for (std::size_t i = 0; i < from.backs.size(); ++i) {
        static constexpr const char* statuses[]{"pending", "succeeded", "failed"};
        const Back& back = from.backs[i];
        world.refunds.push_back({refund_id(number(i)), payment_id(back.charge), back.ours, statuses[back.phase], back.amount});
    }
    for (std::size_t i = 0; i < from.meetings.size(); ++i)
        if (from.meetings[i].live)
            world.meetings.push_back(
                {meeting_id(number(i)), from.meetings[i].start, from.meetings[i].used || from.meetings[i].running});
    for (std::size_t i = 0; i < from.seats.size(); ++i) world.invitees.push_back({invitee_uri(number(i)), from.seats[i].active});
    return world;
}

} // namespace appointd::model
