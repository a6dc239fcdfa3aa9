#include "tests/model/booking/walk.hpp"

#include "tests/model/shrink.hpp"

#include <algorithm>

namespace appointd::model {
namespace {

/// Numbers of invitees, payments and sums differ in a shorter run.
std::string without_numbers(std::string words) {
    std::erase_if(words, [](char c) { return c >= '0' && c <= '9'; });
    return words;
}

bool breaks_alike(const std::vector<booking::Violation>& broken, const booking::Violation& wanted) {
    return std::any_of(broken.begin(), broken.end(), [&](const booking::Violation& violation) {
        return violation.name == wanted.name && without_numbers(violation.words) == without_numbers(wanted.words);
    });
}

} // namespace

Walk::Walk(const Scenario& scenario, const engine::Definition& definition)
    : definition_(definition), model_(scenario, definition), rest_(model_) {}

Walk::Run Walk::run(const Choose& choose, bool tell) {
    Run run;
    Story story;
    Fold fold(definition_);
    model_.fold_into(&fold);
    Node node = model_.root();
    run.broken = model_.take_violations();
    std::vector<Step> possible;
    while (run.broken.empty()) {
        model_.steps(node, possible);
        const auto chosen = choose(node, possible);
        if (!chosen) break;
        const Step& step = possible.at(*chosen);
        run.steps.push_back(model_.name_of(node, step));
        node = model_.after(node, step, tell ? &story : nullptr);
        run.broken = model_.take_violations();
        if (run.broken.empty()) run.broken = fold.take_violations();
    }
    model_.fold_into(nullptr);
    run.timeline = std::move(story.lines);
    for (const bool mail : {true, false}) {
        if (!run.broken.empty()) break;
        auto unrest = rest_.check(node, mail);
        if (!unrest) continue;
        run.broken = std::move(unrest->violations);
        run.timeline.insert(run.timeline.end(), unrest->timeline.begin(), unrest->timeline.end());
    }
    return run;
}

Walk::Run Walk::again(const std::vector<std::string>& steps, bool tell) {
    std::size_t next = 0;
    const auto follow = [&](const Node& node, const std::vector<Step>& possible) -> std::optional<std::size_t> {
        for (; next < steps.size(); ++next)
            for (std::size_t i = 0; i < possible.size(); ++i)
                if (model_.name_of(node, possible[i]) == steps[next]) {
                    ++next;
                    return i;
                }
        return std::nullopt;
    };
    return run(follow, tell);
}

Walk::Run Walk::shrunk(const Run& failing) {
    const booking::Violation wanted = failing.broken.front();
    const auto steps = shrink(failing.steps, [&](const std::vector<std::string>& candidate) {
        Run shorter = again(candidate);
        return breaks_alike(shorter.broken, wanted) ? std::optional(std::move(shorter.steps)) : std::nullopt;
    });
    return again(steps, true);
}

} // namespace appointd::model
