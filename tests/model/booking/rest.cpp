#include "tests/model/booking/rest.hpp"

#include <algorithm>

namespace appointd::model {
namespace {

constexpr int most_steps = 600;
constexpr int rounds_in_sight = 12; ///< alarms that a flagged booking lets pass, until it counts as resting in front of a person

} // namespace

std::optional<Rest::Unrest> Rest::check(const Node& node, bool mail) {
    std::vector<Print> way;
    auto broken = come_to_rest(node, mail, &way, nullptr);
    if (broken.empty()) {
        known_[mail].insert(way.begin(), way.end());
        return std::nullopt;
    }
    Story story;
    story.lines.push_back(mail ? "----- left alone, its webhooks arrive" : "----- left alone, its webhooks are lost");
    come_to_rest(node, mail, nullptr, &story);
    return Unrest{std::move(broken), std::move(story.lines)};
}

std::vector<booking::Violation> Rest::come_to_rest(Node node, bool mail, std::vector<Print>* way, Story* story) {
    if (!mail) {
        node.mail.clear();
        node.lost = true;
    }
    int in_sight = 0;
    for (int step = 0; step < most_steps; ++step) {
        if (way) {
            const auto print = print_of(node, false);
            if (known_[mail].contains(print)) return {};
            way->push_back(print);
        }
        const auto before = node.now;
        if (!model_.settle(node, mail, story)) {
            node.parked.clear(); // their time is up
            return judge(node);
        }
        if (auto broken = model_.take_violations(); !broken.empty()) return broken;
        const auto& data = model_.row(node).data; // in front of a person, or settled by one
        const bool flagged = !data.flags.empty() || !data.settled.empty();
        if (node.now != before) in_sight = flagged ? in_sight + 1 : 0;
        if (in_sight >= rounds_in_sight) return judge(node);
    }
    return {{"L1", "it does not come to rest: " + model_.row(node).state_text}};
}

std::vector<booking::Violation> Rest::judge(const Node& node) const {
    if (node.row == 0) return {};
    const Row& row = model_.row(node);
    auto broken = booking::rest_violations(row.state, row.data);
    for (auto& violation : booking::quiet_violations(row.state, row.data, model_.world_of(node))) {
        if (!node.lost || booking::holds_unheard(violation)) broken.push_back(std::move(violation));
    }
    return broken;
}

} // namespace appointd::model
