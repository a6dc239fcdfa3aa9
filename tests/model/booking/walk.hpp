#pragma once

#include "tests/model/booking/explorer.hpp"
#include "tests/model/booking/rest.hpp"

#include <functional>

namespace appointd::model {

/// One run of a scenario, step by step, folded a second time as it goes and left alone at its end. One thread.
class Walk {
public:
    Walk(const Scenario& scenario, const engine::Definition& definition);

    /// Which of the steps that may come next is taken; nullopt ends the run.
    using Choose = std::function<std::optional<std::size_t>(const Node& node, const std::vector<Step>& possible)>;
    struct Run {
        std::vector<std::string> steps; ///< by name: what a run with less before it may still do
        std::vector<booking::Violation> broken;
        std::vector<std::string> timeline; ///< where asked for
    };
    Run run(const Choose& choose, bool tell = false);
    /// The same steps as far as they are still possible; the others are passed over.
    Run again(const std::vector<std::string>& steps, bool tell = false);
    /// The shortest run found that breaks the same promise in the same way, with its timeline.
    Run shrunk(const Run& failing);

    const Model& model() const { return model_; }
    std::size_t rested() const { return rest_.size(); }

private:
    const engine::Definition& definition_;
    Model model_;
    Rest rest_;
};

} // namespace appointd::model
