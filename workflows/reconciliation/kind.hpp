#pragma once

#include "engine/core/table.hpp"
#include "workflows/reconciliation/data.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace appointd::reconciliation {

/// The names of a reconciliation: its states, what can happen to it, and where its rows are (table.cpp).
///
/// One workflow for each provider account asks the provider, again and again, for everything that happened there lately. What it
/// is told enters as the events that webhooks would have been, with the same ids: the engine drops what it knows.
struct Reconciliation {
    enum class State {
        none,
        waiting,  ///< for the next sweep
        listing,  ///< a sweep is under way
        renewing, ///< its successor is being begun
        renewed   ///< the successor goes on; this one only waits for retention
    };
    enum class Event {
        begun,
        configured,
        gap,
        stripe_listed,
        stripe_unlisted,
        calendly_listed,
        calendly_unlisted,
        zoom_listed,
        zoom_unlisted,
        successor_begun,
        successor_failed,
        orphan_found,
        timer_sweep,
        timer_page,
        operator_sweep,
        operator_note
    };
    using Data = reconciliation::Data;

    static constexpr std::string_view name = "reconciliation";
    static constexpr int version = 1;
    static constexpr std::array<std::string_view, 5> states{"none", "WAITING", "LISTING", "RENEWING", "RENEWED"};
    static constexpr std::array<std::string_view, 16> events{"reconciliation.begun",
                                                             "reconciliation.configured",
                                                             "reconciliation.gap",
                                                             "stripe.events.list.succeeded",
                                                             "stripe.events.list.failed",
                                                             "calendly.events.list.succeeded",
                                                             "calendly.events.list.failed",
                                                             "zoom.meetings.list.succeeded",
                                                             "zoom.meetings.list.failed",
                                                             "reconciliation.renew.succeeded",
                                                             "reconciliation.renew.failed",
                                                             "orphan.found",
                                                             "timer.sweep",
                                                             "timer.page",
                                                             "operator.sweep",
                                                             "operator.note"};

    static std::span<const engine::Row<Reconciliation>> rows();
    static Data read(std::string_view text) { return reconciliation::read(text); }
    static std::string write(const Data& data) { return reconciliation::write(data); }
    static engine::Verdict screen(engine::Step<Reconciliation>&) { return {}; }
    static void settle(engine::Step<Reconciliation>&) {}
    /// Never: a sweep that fails is tried again at its next turn, and what it misses the bookings ask for themselves.
    static std::optional<std::string> attention(const Data&) { return std::nullopt; }
    static std::string search(const Data& data) { return data.provider + " " + data.account; }
    static bool closed(State state, const Data&) { return state == State::renewed; }
};

using State = Reconciliation::State;
using Step = engine::Step<Reconciliation>;
using Guard = engine::Guard<Reconciliation>;
using Action = engine::Action<Reconciliation>;

/// How often, how far, how much.
namespace limits {
constexpr std::chrono::minutes overlap{10};     ///< providers show some events late: each window begins before the last one ended
constexpr std::chrono::hours farthest{24 * 30}; ///< Stripe tells of the last 30 days
constexpr std::int64_t pages_at_once = 20;      ///< then a sweep takes a breath
constexpr std::int64_t pages_of_sweep = 2000;   ///< a provider that never says "that was all" is not asked for ever
constexpr std::chrono::seconds breath{60};      ///< but never longer than the distance of two sweeps
constexpr std::chrono::hours longest_backoff{1}; ///< after failures, or the distance of two sweeps where that is longer
constexpr std::int64_t sweeps_of_instance = 100; ///< then a successor goes on, so that no history grows without end
} // namespace limits

} // namespace appointd::reconciliation
