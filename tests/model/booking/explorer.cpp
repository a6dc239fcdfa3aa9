#include "tests/model/booking/explorer.hpp"
#include "tests/model/booking/rest.hpp"

#include <chrono>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace appointd::model {
namespace {

class Exploration {
public:
    Exploration(const Scenario& scenario, const engine::Definition& definition) : model_(scenario, definition), rest_(model_) {
        report_.scenario = scenario.name;
        report_.words = scenario.words;
    }

    Report run(double seconds, const std::atomic<bool>& stop) {
        const auto begin = std::chrono::steady_clock::now();
        const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
        start();
        while (!report_.counterexample && !frontier_.empty()) {
            ++report_.depth;
            for (std::size_t i = 0; i < frontier_.size() && !report_.counterexample; ++i) {
                if (stop) report_.stopped_by = "told to stop";
                if (elapsed() > seconds) report_.stopped_by = "time";
                if (seen_.size() > model_.scenario().states) report_.stopped_by = "states";
                if (!report_.stopped_by.empty()) break;
                expand(frontier_[i]);
                frontier_[i].node = {}; // its memory is wanted
            }
            if (!report_.stopped_by.empty()) break;
            frontier_ = std::exchange(next_, {});
        }
        report_.closed = report_.stopped_by.empty() && !report_.counterexample;
        report_.states = seen_.size();
        report_.rows = model_.rows();
        report_.rested = rest_.size();
        report_.seconds = elapsed();
        report_.coverage = model_.coverage();
        return std::move(report_);
    }

private:
    struct Open {
        Node node;
        std::uint32_t trail = 0;
    };
    struct Trail {
        std::uint32_t before = 0;
        Step step;
    };

    void start() {
        trails_.push_back({});
        Node root = model_.root();
        if (auto broken = model_.take_violations(); !broken.empty()) return fail(0, nullptr, std::move(broken), {});
        seen_.insert(print_of(root));
        frontier_.push_back({std::move(root), 0});
    }

    void expand(const Open& open) {
        model_.steps(open.node, steps_);
        for (const Step& step : steps_) {
            ++report_.transitions;
            Node node = model_.after(open.node, step);
            if (auto broken = model_.take_violations(); !broken.empty()) return fail(open.trail, &step, std::move(broken), {});
            if (!seen_.insert(print_of(node)).second) continue;
            if (!node.lost && model_.quiet(node)) {
                ++report_.quiet;
                const Row& row = model_.row(node);
                if (auto broken = booking::quiet_violations(row.state, row.data, model_.world_of(node)); !broken.empty())
                    return fail(open.trail, &step, std::move(broken), {});
            }
            for (const bool mail : {true, false})
                if (auto unrest = rest_.check(node, mail)) return fail(open.trail, &step, unrest->violations, unrest->timeline);
            trails_.push_back({open.trail, step});
            next_.push_back({std::move(node), static_cast<std::uint32_t>(trails_.size() - 1)});
        }
    }

    void fail(std::uint32_t trail, const Step* last, std::vector<booking::Violation> violations,
              const std::vector<std::string>& tail) {
        std::vector<Step> steps;
        if (last) steps.push_back(*last);
        for (; trail != 0; trail = trails_[trail].before) steps.push_back(trails_[trail].step);
        Story story;
        Node node = model_.root();
        for (auto step = steps.rbegin(); step != steps.rend(); ++step) node = model_.after(node, *step, &story);
        model_.take_violations();
        story.lines.insert(story.lines.end(), tail.begin(), tail.end());
        report_.counterexample = Counterexample{model_.scenario().name, std::move(violations), std::move(story.lines)};
    }

    Model model_;
    Rest rest_;
    Report report_;
    std::unordered_set<Print, PrintHash> seen_;
    std::vector<Trail> trails_;
    std::vector<Open> frontier_, next_;
    std::vector<Step> steps_;
};

} // namespace

Report explore(const Scenario& scenario, const engine::Definition& definition, double seconds, const std::atomic<bool>& stop) {
    return Exploration(scenario, definition).run(seconds, stop);
}

std::vector<Report> explore_all(const std::vector<Scenario>& scenarios, const engine::Definition& definition, double seconds,
                                int threads, bool stop_at_first) {
    std::vector<Report> reports(scenarios.size());
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> stop = false;
    const auto begin = std::chrono::steady_clock::now();
    const auto work = [&] {
        for (std::size_t i = next++; i < scenarios.size(); i = next++) {
            const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            reports[i] = explore(scenarios[i], definition, seconds - spent, stop);
            if (stop_at_first && reports[i].counterexample) stop = true;
        }
    };
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
    workers.clear();
    return reports;
}

} // namespace appointd::model
