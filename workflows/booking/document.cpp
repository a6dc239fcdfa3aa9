#include "workflows/booking/document.hpp"

#include "workflows/booking/definition.hpp"
#include "workflows/booking/document_text.hpp"
#include "workflows/booking/kind.hpp"

#include <algorithm>
#include <array>

namespace appointd::booking {
namespace {

using Event = Booking::Event;
using Row = engine::Row<Booking>;

struct Family {
    std::string_view title;
    Event first, last;
};

constexpr std::array families{
    Family{"Beginning", Event::booking_requested, Event::booking_requested},
    Family{"Calendly", Event::slot_taken, Event::no_show_cleared},
    Family{"Stripe: money comes in", Event::payment_captured, Event::checkout_expired},
    Family{"Stripe: money goes back", Event::refund_pending, Event::ledger_reopened},
    Family{"Zoom", Event::meeting_created, Event::recording_completed},
    Family{"Outcomes of our calls", Event::link_made, Event::orphan_found},
    Family{"Outcomes of our messages", Event::mail_sent, Event::webhook_failed},
    Family{"Timers", Event::timer_slot_timeout, Event::timer_reconcile},
    Family{"The operator", Event::operator_cancel, Event::operator_skip},
};

std::string words_of(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

/// The states in which a row can decide, in words.
std::string states_of(const Row& row) {
    std::string out;
    std::size_t count = 0;
    for (std::size_t s = 0; s < Booking::states.size(); ++s) {
        const auto decisive = engine::rows_of<Booking>(static_cast<State>(s), row.event);
        if (std::find(decisive.begin(), decisive.end(), &row) == decisive.end()) continue;
        if (!out.empty()) out += ", ";
        out += s == 0 ? std::string_view("(none)") : Booking::states[s];
        count += s > 0;
    }
    return count + 1 == Booking::states.size() ? "every state" : out;
}

std::string outcome_of(const Row& row) {
    switch (row.outcome) {
    case engine::Outcome::go: return "**" + std::string(engine::name_of<Booking>(row.to)) + "**";
    case engine::Outcome::stay: return "stay";
    case engine::Outcome::ignore: return "ignore";
    case engine::Outcome::defer: return "defer";
    case engine::Outcome::refuse: return "refuse";
    case engine::Outcome::elsewhere: return "elsewhere";
    }
    return {};
}

void add_event(std::string& out, Event event) {
    out += "\n#### " + std::string(engine::name_of<Booking>(event)) +
           "\n\n| in | if | then | does | because |\n|---|---|---|---|---|\n";
    for (const Row& row : Booking::rows()) {
        if (row.event != event) continue;
        std::string actions;
        for (const auto& action : row.actions) {
            if (!action.run) continue;
            if (!actions.empty()) actions += "; ";
            actions += action.name;
        }
        const auto guard = row.guard.name == "always" ? std::string() : words_of(row.guard.name);
        out += "| " + states_of(row) + " | " + guard + " | " + outcome_of(row) + " | " + actions + " | " +
               std::string(row.reason) + " |\n";
    }
}

} // namespace

std::string document() {
    const engine::Definition made = definition();
    std::string out(prose::introduction);
    out += "\n```mermaid\n" + engine::to_mermaid(made) + "```\n\n";
    out += prose::before_the_table;
    out += "\n";
    out += prose::words;
    out += "\n## The matrix\n\nWithin a cell the first row whose condition holds decides; a row without one closes the cell.\n";
    for (const Family& family : families) {
        out += "\n### " + std::string(family.title) + "\n";
        for (auto event = static_cast<std::size_t>(family.first); event <= static_cast<std::size_t>(family.last); ++event)
            add_event(out, static_cast<Event>(event));
    }
    out += "\n";
    for (const auto* part : {&prose::after_the_table, &prose::invariants, &prose::attention, &prose::differences}) {
        out += *part;
        if (part != &prose::differences) out += "\n";
    }
    return out;
}

} // namespace appointd::booking
