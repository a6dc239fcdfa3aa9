#pragma once

#include "tests/model/booking/model.hpp"

#include <array>
#include <optional>
#include <unordered_set>

namespace appointd::model {

/// Liveness by running: each node is left alone until it rests. Nodes that are known to come to rest are remembered, so that each
/// is walked once.
class Rest {
public:
    struct Unrest {
        std::vector<booking::Violation> violations;
        std::vector<std::string> timeline;
    };

    explicit Rest(Model& model) : model_(model) {}
    /// nullopt: it comes to rest as it should. `mail`: its webhooks arrive; else every webhook is lost from now on (L6).
    std::optional<Unrest> check(const Node& node, bool mail);
    std::size_t size() const { return known_[0].size() + known_[1].size(); }

private:
    std::vector<booking::Violation> come_to_rest(Node node, bool mail, std::vector<Print>* way, Story* story);
    std::vector<booking::Violation> judge(const Node& node) const;

    Model& model_;
    std::array<std::unordered_set<Print, PrintHash>, 2> known_;
};

} // namespace appointd::model
