#pragma once

#include "engine/core/definition.hpp"
#include "foundation/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Definitions as data. A workflow kind K gives its names, its data and its rows; `define<K>()` makes a Definition of them.
///
///   struct K {
///       enum class State { none, ... };   // `none` is the workflow that does not exist yet; the first enumerator
///       enum class Event { ... };
///       struct Data { ... };              // a value; default-constructed for `none`
///       static constexpr std::string_view name; static constexpr int version;
///       static constexpr std::array states{...}, events{...};          // texts, by enumerator
///       static std::span<const Row<K>> rows();
///       static Data read(std::string_view text);  static std::string write(const Data&);
///       static Verdict screen(Step<K>&);          // guards before the table: go on, or ignore / defer with a reason
///       static void settle(Step<K>&);             // after the actions: derived events, attention, timers of every state
///       static std::optional<std::string> attention(const Data&);  static std::string search(const Data&);
///       static bool closed(State, const Data&);
///   };
namespace appointd::engine {

/// A decision that the guards before the table may take.
struct Verdict {
    enum class Kind { go_on, ignore, defer, elsewhere } kind = Kind::go_on;
    std::string text{};         ///< the reason
    CorrelationKey waits_for{}; ///< defer
};

/// One transition under way: what it reads, and what it collects.
template <class K> struct Step {
    const Input& input;
    const json::object& payload;
    const Workflow* before; ///< as it was when the event came; null where it is only beginning
    typename K::State from;
    typename K::State to;
    typename K::Event event;
    typename K::Data data;
    Timers timers;
    std::vector<ActivityRequest> activities{};
    std::vector<CorrelationKey> binds{};
    std::vector<Raised> raised{};
    std::vector<ActivityId> reopens{};
    std::vector<ActivityId> skips{};
    std::string note{};

    void set_timer(std::string_view name, Time at) { timers.insert_or_assign(std::string(name), Timer{at, input.seq}); }
    void drop_timer(std::string_view name) {
        if (auto found = timers.find(name); found != timers.end()) timers.erase(found);
    }
};

template <class K> struct Guard {
    std::string_view name;
    bool (*holds)(const Step<K>&);
};
template <class K> struct Action {
    std::string_view name;
    void (*run)(Step<K>&);
};

/// The states a row is for, as a bit set.
template <class State> struct States {
    std::uint32_t bits = 0;
    constexpr States(State state) : bits(1u << static_cast<unsigned>(state)) {}
    constexpr States(std::initializer_list<State> states) {
        for (State state : states) bits |= 1u << static_cast<unsigned>(state);
    }
    constexpr bool has(State state) const { return (bits >> static_cast<unsigned>(state)) & 1u; }
};

enum class Outcome { go, stay, ignore, defer, refuse, elsewhere };

/// One row: in one of `from`, on `event`, where `guard` holds and no earlier row's did.
/// `ignore`, `refuse`, `defer` and `elsewhere` say why in `reason`; a row that is guarded last by `always` closes its cell.
template <class K> struct Row {
    States<typename K::State> from;
    typename K::Event event;
    Guard<K> guard;
    Outcome outcome;
    typename K::State to;
    std::string_view reason;
    std::array<Action<K>, 8> actions{};
};

template <class K> std::string_view name_of(typename K::State state) { return K::states.at(static_cast<std::size_t>(state)); }
template <class K> std::string_view name_of(typename K::Event event) { return K::events.at(static_cast<std::size_t>(event)); }

/// The rows that can decide a cell, in table order: up to the first that always holds. A row for many states may thus follow
/// the exceptions to it. (Here and below: a model checker passes rows of its own, with a defect planted.)
template <class K>
std::vector<const Row<K>*> rows_of(typename K::State state, typename K::Event event, std::span<const Row<K>> table = K::rows()) {
    std::vector<const Row<K>*> rows;
    for (const Row<K>& row : table) {
        if (!row.from.has(state) || row.event != event) continue;
        rows.push_back(&row);
        if (row.guard.name == "always") break;
    }
    return rows;
}

/// What is wrong with a table, a line each: undecided cells, rows that are behind an `always` in every one of their cells, states
/// that nothing reaches, a missing reason. Empty for a good table; a test (and define) insist.
template <class K> std::vector<std::string> faults_of_table(std::span<const Row<K>> table = K::rows()) {
    std::vector<std::string> faults;
    std::vector<bool> reached(K::states.size());
    std::vector<const Row<K>*> decisive;
    reached[0] = true;
    for (std::size_t s = 0; s < K::states.size(); ++s) {
        for (std::size_t e = 0; e < K::events.size(); ++e) {
            const auto cell = std::string(K::states[s]) + " x " + std::string(K::events[e]);
            const auto rows = rows_of<K>(static_cast<typename K::State>(s), static_cast<typename K::Event>(e), table);
            for (const Row<K>* row : rows) {
                decisive.push_back(row);
                if (row->outcome == Outcome::go) reached[static_cast<std::size_t>(row->to)] = true;
                const bool decides_nothing = row->outcome != Outcome::go && row->outcome != Outcome::stay;
                if (decides_nothing && row->reason.empty()) faults.push_back(cell + ": no reason");
            }
            if (rows.empty() || rows.back()->guard.name != "always") faults.push_back(cell + ": not decided");
        }
    }
    for (const Row<K>& row : table) {
        if (std::find(decisive.begin(), decisive.end(), &row) != decisive.end()) continue;
        std::size_t first = 0;
        while (first < K::states.size() && !row.from.has(static_cast<typename K::State>(first))) ++first;
        faults.push_back(std::string(K::states.at(first)) + " x " + std::string(name_of<K>(row.event)) +
                         ": a row behind one that always holds");
    }
    for (std::size_t s = 0; s < K::states.size(); ++s)
        if (!reached[s]) faults.push_back(std::string(K::states[s]) + ": nothing leads here");
    return faults;
}

namespace detail {

/// Rows by state and event, in table order; built once.
template <class K> class Index {
public:
    explicit Index(std::span<const Row<K>> table) {
        for (std::size_t s = 0; s < K::states.size(); ++s)
            for (std::size_t e = 0; e < K::events.size(); ++e)
                cells_.push_back(rows_of<K>(static_cast<typename K::State>(s), static_cast<typename K::Event>(e), table));
    }
    const std::vector<const Row<K>*>& at(typename K::State state, typename K::Event event) const {
        return cells_[static_cast<std::size_t>(state) * K::events.size() + static_cast<std::size_t>(event)];
    }

private:
    std::vector<std::vector<const Row<K>*>> cells_;
};

template <class Names> std::size_t index_of(const Names& names, std::string_view text, const char* what) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) throw std::invalid_argument(std::string("unknown ") + what + ": " + std::string(text));
    return static_cast<std::size_t>(found - names.begin());
}

template <class K> Decision finish(Step<K>&& step) {
    K::settle(step);
    if (step.timers.size() > limits::timers || step.activities.size() > limits::activities || step.binds.size() > limits::binds ||
        step.raised.size() > limits::raised)
        throw std::length_error("transition past its limits");
    Applied applied;
    applied.state = std::string(name_of<K>(step.to));
    applied.data = K::write(step.data);
    if (applied.data.size() > limits::data_bytes) throw std::length_error("data past its limit");
    applied.attention = K::attention(step.data);
    applied.search = K::search(step.data);
    applied.closed = K::closed(step.to, step.data);
    applied.timers = std::move(step.timers);
    applied.activities = std::move(step.activities);
    applied.binds = std::move(step.binds);
    applied.raised = std::move(step.raised);
    applied.reopens = std::move(step.reopens);
    applied.skips = std::move(step.skips);
    applied.note = std::move(step.note);
    return applied;
}

template <class K> Decision transition(const Index<K>& index, const Workflow* workflow, const Input& input) {
    using State = typename K::State;
    const auto event_found = std::find(K::events.begin(), K::events.end(), family_of(input.event.type));
    if (event_found == K::events.end()) return Ignored{"unknown event type"};
    const auto event = static_cast<typename K::Event>(event_found - K::events.begin());
    const auto payload = parse_object(input.event.payload);
    if (!payload) throw std::invalid_argument("payload is not a JSON object");
    const State from = workflow ? static_cast<State>(index_of(K::states, workflow->state, "state")) : State::none;
    Step<K> step{.input = input,
                 .payload = *payload,
                 .before = workflow,
                 .from = from,
                 .to = from,
                 .event = event,
                 .data = workflow ? K::read(workflow->data) : typename K::Data{},
                 .timers = workflow ? workflow->timers : Timers{}};
    if (Verdict verdict = K::screen(step); verdict.kind != Verdict::Kind::go_on) {
        if (verdict.kind == Verdict::Kind::ignore) return Ignored{std::move(verdict.text)};
        if (verdict.kind == Verdict::Kind::elsewhere) return Elsewhere{std::move(verdict.text)};
        return Deferred{std::move(verdict.waits_for), std::move(verdict.text)};
    }
    for (const Row<K>* row : index.at(from, event)) {
        if (!row->guard.holds(step)) continue;
        switch (row->outcome) {
        case Outcome::ignore: return Ignored{std::string(row->reason)};
        case Outcome::defer: return Deferred{{}, std::string(row->reason)};
        case Outcome::refuse: return Refused{std::string(row->reason)};
        case Outcome::elsewhere: return Elsewhere{std::string(row->reason)};
        case Outcome::go: step.to = row->to; break;
        case Outcome::stay: break;
        }
        step.note = row->reason;
        for (const Action<K>& action : row->actions)
            if (action.run) action.run(step);
        return finish<K>(std::move(step));
    }
    throw std::logic_error("undecided cell");
}

} // namespace detail

std::string fingerprint_of(const std::vector<RowText>& rows);

/// The Definition of K; throws std::logic_error with the first fault of its table. `table` outlives it.
template <class K> Definition define(std::span<const Row<K>> table = K::rows()) {
    if (const auto faults = faults_of_table<K>(table); !faults.empty()) throw std::logic_error(faults.front());
    Definition definition;
    definition.kind = std::string(K::name);
    definition.version = K::version;
    definition.states.assign(K::states.begin() + 1, K::states.end());
    definition.events.assign(K::events.begin(), K::events.end());
    static constexpr std::array outcomes{"go", "stay", "ignore", "defer", "refuse", "elsewhere"};
    for (std::size_t s = 0; s < K::states.size(); ++s)
        for (const Row<K>& row : table) {
            const auto state = static_cast<typename K::State>(s);
            if (!row.from.has(state)) continue;
            const auto decisive = rows_of<K>(state, row.event, table);
            if (std::find(decisive.begin(), decisive.end(), &row) == decisive.end()) continue;
            RowText text{.from = std::string(K::states[s]),
                         .event = std::string(name_of<K>(row.event)),
                         .guard = std::string(row.guard.name),
                         .to = std::string(row.outcome == Outcome::go ? name_of<K>(row.to) : K::states[s]),
                         .outcome = outcomes[static_cast<std::size_t>(row.outcome)],
                         .reason = std::string(row.reason),
                         .actions = {}};
            for (const Action<K>& action : row.actions)
                if (action.run) text.actions.emplace_back(action.name);
            definition.rows.push_back(std::move(text));
        }
    definition.fingerprint = fingerprint_of(definition.rows);
    definition.transition = [index = detail::Index<K>{table}](const Workflow* workflow, const Input& input) {
        return detail::transition<K>(index, workflow, input);
    };
    return definition;
}

} // namespace appointd::engine
