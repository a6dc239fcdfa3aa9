#include "tests/model/booking/defects.hpp"

#include "engine/core/table.hpp"
#include "workflows/booking/kind.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <stdexcept>

namespace appointd::model {
namespace {

using booking::Booking;
using booking::State;
using Rows = std::vector<engine::Row<Booking>>;
using E = Booking::Event;

/// Tables with a defect outlive the definitions made of them.
engine::Definition definition_of(Rows rows) {
    static std::deque<Rows> kept;
    kept.push_back(std::move(rows));
    return engine::define<Booking>(kept.back());
}

Rows table() {
    const auto rows = Booking::rows();
    return {rows.begin(), rows.end()};
}

engine::Row<Booking>& find(Rows& rows, State state, E event, std::string_view guard) {
    for (auto& row : rows)
        if (row.from.has(state) && row.event == event && row.guard.name == guard) return row;
    throw std::logic_error("no such row: " + std::string(engine::name_of<Booking>(event)) + ", " + std::string(guard));
}

engine::Action<Booking>& find(engine::Row<Booking>& row, std::string_view action) {
    for (auto& slot : row.actions)
        if (slot.run && slot.name == action) return slot;
    throw std::logic_error("no such action in that row: " + std::string(action));
}

Defect left_out(std::string scenario, State state, E event, std::string_view guard, std::string_view action) {
    auto rows = table();
    find(find(rows, state, event, guard), action) = {};
    return {std::string(Booking::states[static_cast<std::size_t>(state)]) + " x " + std::string(engine::name_of<Booking>(event)) +
                ", " + std::string(guard) + ": " + std::string(action) + " left out",
            std::move(scenario), definition_of(std::move(rows)), 0};
}

/// The action does nothing, wherever it stands.
Defect everywhere(std::string scenario, std::string_view action) {
    auto rows = table();
    for (auto& row : rows)
        for (auto& slot : row.actions)
            if (slot.run && slot.name == action) slot = {};
    return {std::string(action) + " left out everywhere", std::move(scenario), definition_of(std::move(rows)), 0};
}

Defect changed(std::string name, std::string scenario, const std::function<void(Rows&)>& change) {
    auto rows = table();
    change(rows);
    return {std::move(name), std::move(scenario), definition_of(std::move(rows)), 0};
}

/// After every action that set it: gone.
template <auto& name> Defect timer_forgotten(std::string scenario, std::string_view action) {
    return changed("timer " + std::string(name) + " forgotten", std::move(scenario), [&](Rows& rows) {
        static void (*original)(booking::Step&) = nullptr;
        for (auto& row : rows)
            for (auto& slot : row.actions)
                if (slot.run && slot.name == action) {
                    original = slot.run;
                    slot.run = [](booking::Step& step) {
                        original(step);
                        step.drop_timer(name);
                    };
                }
    });
}

constexpr std::string_view deadline = "deadline", completion = "completion", slot_timeout = "slot_timeout",
                           reschedule = "reschedule", start = "start";

void swap_targets(Rows& rows, std::pair<State, std::string_view> one, std::pair<State, std::string_view> other, E event) {
    auto &left = find(rows, one.first, event, one.second), &right = find(rows, other.first, event, other.second);
    std::swap(left.to, right.to);
    std::swap(left.outcome, right.outcome);
    std::swap(left.actions, right.actions);
}

} // namespace

std::vector<Defect> planted_defects() {
    using enum State;
    std::vector<Defect> out;
    // money
    out.push_back(left_out("refunds", confirmed, E::slot_canceled, "by_host", "BACK(service)"));
    out.push_back(left_out("refunds", confirmed, E::slot_canceled, "before_start", "SHARE"));
    out.push_back(left_out("operator", confirmed, E::operator_cancel, "always", "money per choice"));
    out.push_back(left_out("money-in", payment_pending, E::payment_captured, "always", "FLAG amount_mismatch"));
    out.push_back(changed("late money is ignored", "money-in", [](Rows& rows) {
        auto& row = find(rows, abandoned, E::payment_captured, "always");
        row.outcome = engine::Outcome::ignore;
        row.actions = {};
    }));
    out.push_back(changed("late money confirms", "money-in", [](Rows& rows) {
        auto& row = find(rows, abandoned, E::payment_captured, "always");
        row.from = {canceled, refunded};
        auto late = find(rows, scheduled, E::payment_captured, "as_asked");
        late.from = {abandoned};
        late.guard = row.guard;
        rows.push_back(late);
    }));
    out.push_back(changed("a wrong sum confirms", "money-in", [](Rows& rows) {
        auto& wrong = find(rows, payment_pending, E::payment_captured, "always");
        const auto& right = find(rows, payment_pending, E::payment_captured, "as_asked");
        wrong.outcome = right.outcome;
        wrong.to = right.to;
        wrong.actions = right.actions;
    }));
    out.push_back(changed("host and invitee swapped when a confirmed booking is called off", "refunds", [](Rows& rows) {
        swap_targets(rows, {confirmed, "by_host"}, {confirmed, "before_start"}, E::slot_canceled);
    }));
    out.push_back(everywhere("refunds", "book the refund"));
    out.push_back(left_out("refunds", confirmed, E::refund_hint, "always", "ask for the payment's refunds"));
    // checkout, slot, meeting
    out.push_back(left_out("money-in", payment_pending, E::slot_canceled, "always", "CLOSE"));
    out.push_back(left_out("money-in", payment_pending, E::checkout_expired, "current_checkout", "FREE"));
    out.push_back(left_out("moves", confirmed, E::slot_canceled, "before_start", "UNMEET"));
    out.push_back(left_out("moves", confirmed, E::slot_moved, "always", "MOVE"));
    out.push_back(left_out("paid", payment_pending, E::payment_captured, "as_asked", "MEET"));
    out.push_back(everywhere("disputes", "expire it"));
    out.push_back(left_out("money-in", none, E::slot_taken, "always", "make checkout"));
    out.push_back(left_out("faults", none, E::slot_taken, "free_of_charge", "begin"));
    // timers and states
    out.push_back(timer_forgotten<deadline>("money-in", "open the window"));
    out.push_back(timer_forgotten<completion>("money-in", "reminders, completion"));
    out.push_back(timer_forgotten<slot_timeout>("free", "ask for the link"));
    out.push_back(timer_forgotten<reschedule>("moves", "slot moving"));
    out.push_back(left_out("moves", confirmed, E::slot_canceled, "before_start", "STOP"));
    out.push_back(changed("an unpaid deadline cancels instead of abandoning", "money-in", [](Rows& rows) {
        find(rows, payment_pending, E::checkout_expired, "current_checkout").to = canceled;
    }));
    out.push_back(changed("rule R does not settle a canceled booking", "refunds", [](Rows& rows) {
        find(rows, canceled, E::ledger_settled, "settled").from = {abandoned, completed};
    }));
    return out;
}

std::vector<Defect> every_action_left_out() {
    std::vector<Defect> out;
    const auto rows = table();
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t k = 0; k < rows[i].actions.size(); ++k) {
            if (!rows[i].actions[k].run) continue;
            auto broken = rows;
            broken[i].actions[k] = {};
            std::size_t state = 0;
            while (!rows[i].from.has(static_cast<State>(state))) ++state;
            out.push_back({std::string(Booking::states[state]) + " x " + std::string(engine::name_of<Booking>(rows[i].event)) +
                               ", " + std::string(rows[i].guard.name) + ": " + std::string(rows[i].actions[k].name) + " left out",
                           "", definition_of(std::move(broken)), i});
        }
    return out;
}

} // namespace appointd::model
