#pragma once

#include "engine/core/definition.hpp"
#include "tests/model/booking/fold.hpp"
#include "tests/model/booking/interned.hpp"
#include "tests/model/booking/messages.hpp"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace appointd::model {

/// What a run of the model told: one line a step, and what broke.
struct Story {
    std::vector<std::string> lines;
};

/// Which rows decided, by (state, event, reason), and how often.
using Coverage = std::map<std::string, std::uint64_t>;

/// The real transition of a definition, and small models of the three providers, of the engine between them (addresses, deferral,
/// derived events, calls, timers) and of the people who act. A node is all that may influence the future; `steps` says what may
/// happen next, `after` what it leads to. Nothing is random. One thread.
///
/// Abstractions, each of which only adds behaviour or leaves the decisions alone:
/// - Webhooks arrive in any order while the clock stands; when it moves on, what is still on its way is lost, or (Trouble::late)
/// late.
/// - Executing a call and its answer's arrival are two steps. A crash between them, a lost answer and a later claim that repeats
/// the
///   call (same key at Stripe, look before create elsewhere) lead to the same nodes as a late answer.
/// - Of a refund of all that is left by hand only the hint (charge.refunded) is sent, of a part only the refund's own event: as
/// if
///   Stripe's other event were lost. The sweeps of the provider accounts, which find such events later, are not modelled: where a
///   webhook was lost (Node::lost), only what holds unheard is asked (booking::holds_unheard).
/// - History numbers are the smallest free ones; moments and texts of flags, and the number each timer was set at, are forgotten.
class Model {
public:
    Model(const Scenario& scenario, const engine::Definition& definition);

    Node root();
    void steps(const Node& node, std::vector<Step>& out) const;
    Node after(const Node& node, const Step& step, Story* story = nullptr);
    /// What a step is, whatever its place among those that are possible: in a shorter run it has the same name.
    std::string name_of(const Node& node, const Step& step) const;

    /// Left alone: nobody acts any more, the providers end what is pending, everything asked is answered, timers ring. One step
    /// of that, chosen by the node alone; false where nothing is left to do. `mail`: what is on its way arrives, else all of it
    /// is lost.
    bool settle(Node& node, bool mail, Story* story = nullptr);

    /// No event undisposed, no call open, no timer due.
    bool quiet(const Node& node) const;
    booking::World world_of(const Node& node) const;
    const Row& row(const Node& node) const { return rows_[node.row]; }

    /// From now on (nullptr: no longer) every decision is folded, too: the nodes between must be one history, from the root on.
    void fold_into(Fold* fold) { fold_ = fold; }

    /// What broke in the last `after` or `settle`.
    std::vector<booking::Violation> take_violations() { return std::exchange(violations_, {}); }
    const Coverage& coverage() const { return coverage_; }
    std::size_t rows() const { return rows_.size(); }
    std::uint64_t decisions() const { return decisions_; }
    const Scenario& scenario() const { return scenario_; }

private:
    // model_steps.cpp
    void people(const Node&, std::vector<Step>&) const;
    void stripe(const Node&, std::vector<Step>&) const;
    void zoom(const Node&, std::vector<Step>&) const;
    void calls(const Node&, std::vector<Step>&) const;
    void engine(const Node&, std::vector<Step>&) const;
    std::vector<Message> operator_choices(const Node&) const;
    // model_world.cpp
    void at_calendly(Node&, const Step&);
    void at_stripe(Node&, const Step&);
    void refund_by_hand(Node&, int charge, bool all);
    void at_zoom(Node&, const Step&);
    bool settle_world(Node&);
    // model_calls.cpp
    void execute(Node&, std::size_t call, Kind how);
    json::object perform(Node&, const Call&, Answer&, Kind how);
    json::object make_meeting(Node&, const Call&, Answer&, Kind how);
    json::object make_refund(Node&, const Call&);
    json::object look_at_meeting(const Node&, const json::object& request, int n, Answer&);
    json::object look_at_slot(Node&, const Call&, Answer&);
    void arrive(Node&, std::size_t answer);
    void skip(Node&, const engine::ActivityId&);
    // model_booking.cpp
    void deliver(Node&, std::uint32_t message, bool again = true);
    void decide(Node&, std::uint32_t message, bool derived = false);
    const Decided& decision(std::uint32_t row, std::uint32_t message, Time now, int seq);
    std::uint32_t keep(engine::Applied&&);
    void take(Node&, const Decided&, int seq, Time at);
    void look_again(Node&);
    void ring(Node&);
    int free_seq(const Node&) const;
    // small
    std::uint32_t put(Message message) {
        auto key = key_of(message);
        return messages_.put(std::move(key), std::move(message));
    }
    std::uint32_t put(const Call& call);
    std::uint32_t put(Row row);
    void mail(Node& node, Message message);
    void tell(std::string words);
    std::optional<Time> next_alarm(const Node&) const;

    Scenario scenario_;
    engine::Definition definition_;
    Interned<Message> messages_;
    Interned<Call> calls_;
    Interned<Answer> answers_;
    Interned<Row> rows_;
    std::unordered_map<std::string, Decided> decided_;
    std::vector<booking::Violation> violations_;
    Coverage coverage_;
    std::uint64_t decisions_ = 0;
    Story* story_ = nullptr;
    Fold* fold_ = nullptr;
};

/// Due and earliest.
const std::pair<const std::string, engine::Timer>* due_timer(const Row& row, Time now);

} // namespace appointd::model
