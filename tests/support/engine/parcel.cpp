#include "tests/support/engine/parcel.hpp"

#include "engine/core/table.hpp"

namespace appointd::engine::testing {

namespace {

using namespace std::chrono_literals;

struct Parcel {
    enum class State { none, ordered, labeled, moving, delivered, lost, canceled };
    enum class Event {
        ordered,
        scanned,
        arrived,
        thanked,
        printed,
        unprinted,
        voided,
        unvoided,
        retry,
        skip,
        cancel,
        patience,
        nudge,
        orphan,
        poison
    };
    using Data = ParcelFacts;
    static constexpr std::string_view name = "parcel";
    static constexpr int version = 1;
    static constexpr std::array<std::string_view, 7> states{"none",      "ordered", "labeled", "moving",
                                                            "delivered", "lost",    "canceled"};
    static constexpr std::array<std::string_view, 15> events{
        "parcel.ordered",     "parcel.scanned",       "parcel.arrived",    "parcel.thanked", "label.print.succeeded",
        "label.print.failed", "label.void.succeeded", "label.void.failed", "operator.retry", "operator.skip",
        "operator.cancel",    "timer.patience",       "timer.nudge",       "orphan.found",   "parcel.poison"};
    static std::span<const Row<Parcel>> rows();
    static Data read(std::string_view text) { return read_parcel(text); }
    static std::string write(const Data& data);
    static Verdict screen(Step<Parcel>&) { return {}; }
    static void settle(Step<Parcel>&) {}
    static std::optional<std::string> attention(const Data& data) {
        return data.orphans > 0 ? std::optional<std::string>("orphan") : std::nullopt;
    }
    static std::string search(const Data& data) { return data.tracking; }
    static bool closed(State state, const Data&) { return state == State::delivered || state == State::canceled; }
};

using S = Parcel::State;
using E = Parcel::Event;
using Here = Step<Parcel>;

ActivityId named_activity(const Here& step) {
    const auto id = parse_activity_id(text_field(step.payload, "activity").value_or(""));
    if (!id) throw std::invalid_argument("no activity named");
    return *id;
}

constexpr Guard<Parcel> always{"always", [](const Here&) { return true; }};
constexpr Guard<Parcel> all_scanned{
    "all scanned", [](const Here& step) { return step.data.scans >= int_field(step.payload, "scans").value_or(0); }};
constexpr Guard<Parcel> again{"nudged less than twice", [](const Here& step) { return step.data.nudges < 2; }};

void ask(Here& step, std::string kind, int priority) {
    step.activities.push_back({std::move(kind), lane("", "post", "default"), priority,
                               json::serialize(json::object{{"parcel", to_string(step.input.self)}})});
}

constexpr Action<Parcel> print{"print", [](Here& step) { ask(step, "label.print", 5); }};
constexpr Action<Parcel> void_label{"void the label", [](Here& step) { ask(step, "label.void", 0); }};
constexpr Action<Parcel> patience{"patience 10 min", [](Here& step) { step.set_timer("patience", step.input.now + 10min); }};
constexpr Action<Parcel> nudge{"nudge in 1 h", [](Here& step) { step.set_timer("nudge", step.input.now + 1h); }};
constexpr Action<Parcel> nudged{"nudge", [](Here& step) { step.data.nudges += 1; }};
constexpr Action<Parcel> stop{"stop timers", [](Here& step) { step.timers.clear(); }};
constexpr Action<Parcel> learn_tracking{"learn tracking", [](Here& step) {
                                            const auto* result = object_field(step.payload, "result");
                                            step.data.tracking = result ? text_field(*result, "tracking").value_or("") : "";
                                            step.binds.push_back(
                                                correlation_key("", "post", "default", "tracking", step.data.tracking));
                                        }};
constexpr Action<Parcel> count{"count", [](Here& step) { step.data.scans += 1; }};
constexpr Action<Parcel> thanks_due{"raise thanked", [](Here& step) { step.raised.push_back({"parcel.thanked", "{}"}); }};
constexpr Action<Parcel> thank{"thank", [](Here& step) { step.data.thanks += 1; }};
constexpr Action<Parcel> orphaned{"note orphan", [](Here& step) { step.data.orphans += 1; }};
constexpr Action<Parcel> retry{"retry", [](Here& step) { step.reopens.push_back(named_activity(step)); }};
constexpr Action<Parcel> skip{"skip", [](Here& step) { step.skips.push_back(named_activity(step)); }};
constexpr Action<Parcel> fail{"fail", [](Here&) { throw std::runtime_error("poison"); }};

const std::initializer_list<S> all_living{S::ordered, S::labeled, S::moving, S::delivered, S::lost, S::canceled};

// clang-format off
const Row<Parcel> table[] = {
    {S::none,                                   E::ordered,   always,      Outcome::go,     S::ordered,   "",                 {print, patience}},
    {all_living,                                E::ordered,   always,      Outcome::ignore, {},           "ordered before",   {}},

    {S::none,                                   E::scanned,   always,      Outcome::ignore, {},           "no such parcel",   {}},
    {{S::ordered, S::lost},                     E::scanned,   always,      Outcome::defer,  {},           "no label yet",     {}},
    {S::labeled,                                E::scanned,   always,      Outcome::go,     S::moving,    "",                 {count}},
    {S::moving,                                 E::scanned,   always,      Outcome::stay,   {},           "",                 {count}},
    {{S::delivered, S::canceled},               E::scanned,   always,      Outcome::ignore, {},           "over",             {}},

    {S::none,                                   E::arrived,   always,      Outcome::ignore, {},           "no such parcel",   {}},
    {{S::labeled, S::moving},                   E::arrived,   all_scanned, Outcome::go,     S::delivered, "",                 {stop, thanks_due}},
    {{S::ordered, S::labeled, S::moving, S::lost}, E::arrived, always,     Outcome::defer,  {},           "scans missing",    {}},
    {{S::delivered, S::canceled},               E::arrived,   always,      Outcome::ignore, {},           "over",             {}},

    {S::delivered,                              E::thanked,   always,      Outcome::stay,   {},           "thanked",          {thank}},
    {{S::none, S::ordered, S::labeled, S::moving, S::lost, S::canceled}, E::thanked, always, Outcome::ignore, {}, "not here", {}},

    {{S::ordered, S::lost},                     E::printed,   always,      Outcome::go,     S::labeled,   "",                 {stop, learn_tracking, nudge}},
    {S::canceled,                               E::printed,   always,      Outcome::stay,   {},           "too late",         {void_label}},
    {{S::none, S::labeled, S::moving, S::delivered}, E::printed, always,   Outcome::ignore, {},           "has a label",      {}},
    {{S::none, S::ordered, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::unprinted, always, Outcome::ignore, {}, "no label", {}},
    {{S::none, S::ordered, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::voided, always, Outcome::ignore, {}, "noted", {}},
    {{S::none, S::ordered, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::unvoided, always, Outcome::ignore, {}, "noted", {}},

    {S::ordered,                                E::retry,     always,      Outcome::stay,   {},           "retried",          {retry}},
    {{S::none, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::retry, always, Outcome::refuse, {}, "nothing to retry", {}},
    {S::ordered,                                E::skip,      always,      Outcome::stay,   {},           "skipped",          {skip}},
    {{S::none, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::skip, always, Outcome::refuse, {}, "nothing to skip", {}},
    {{S::ordered, S::lost},                     E::cancel,    always,      Outcome::go,     S::canceled,  "",                 {stop}},
    {S::labeled,                                E::cancel,    always,      Outcome::go,     S::canceled,  "",                 {stop, void_label}},
    {{S::none, S::moving, S::delivered},        E::cancel,    always,      Outcome::refuse, {},           "on its way",       {}},
    {S::canceled,                               E::cancel,    always,      Outcome::ignore, {},           "canceled before",  {}},

    {S::ordered,                                E::patience,  always,      Outcome::go,     S::lost,      "",                 {}},
    {{S::none, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::patience, always, Outcome::ignore, {}, "stale", {}},
    {{S::labeled, S::moving},                   E::nudge,     again,       Outcome::stay,   {},           "",                 {nudged, nudge}},
    {{S::labeled, S::moving},                   E::nudge,     always,      Outcome::ignore, {},           "nudged enough",    {}},
    {{S::none, S::ordered, S::delivered, S::lost, S::canceled}, E::nudge,  always, Outcome::ignore, {},   "stale",            {}},

    {all_living,                                E::orphan,    always,      Outcome::stay,   {},           "",                 {orphaned}},
    {S::none,                                   E::orphan,    always,      Outcome::ignore, {},           "no such parcel",   {}},
    {{S::none, S::ordered, S::labeled, S::moving, S::delivered, S::lost, S::canceled}, E::poison, always, Outcome::stay, {}, "", {fail}},
};
// clang-format on

std::span<const Row<Parcel>> Parcel::rows() { return table; }

std::string Parcel::write(const Data& data) {
    return json::serialize(json::object{{"scans", data.scans},
                                        {"nudges", data.nudges},
                                        {"thanks", data.thanks},
                                        {"orphans", data.orphans},
                                        {"tracking", data.tracking}});
}

} // namespace

ParcelFacts read_parcel(std::string_view data) {
    const auto object = parse_object(data);
    if (!object) throw std::invalid_argument("a parcel's data is broken");
    return {.scans = int_field(*object, "scans").value_or(0),
            .nudges = int_field(*object, "nudges").value_or(0),
            .thanks = int_field(*object, "thanks").value_or(0),
            .orphans = int_field(*object, "orphans").value_or(0),
            .tracking = text_field(*object, "tracking").value_or("")};
}

Definition make_parcel() { return define<Parcel>(); }

CorrelationKey tracking_key(WorkflowId parcel) {
    return correlation_key("", "post", "default", "tracking", "T-" + to_string(parcel));
}

Incoming parcel_event(WorkflowId parcel, std::string type, std::string payload, Time at, int n) {
    Incoming incoming;
    incoming.event.id = make_event_id(at, "shop", type + to_string(parcel) + "." + std::to_string(n));
    incoming.event.source = type.starts_with("operator.") ? "operator" : "shop";
    incoming.event.type = std::move(type);
    incoming.event.occurred_at = at;
    incoming.event.payload = std::move(payload);
    incoming.event.raw = "raw";
    incoming.address.targets.emplace_back(parcel);
    incoming.address.reason = "no such parcel";
    return incoming;
}

Incoming parcel_ordered(WorkflowId parcel, Time at) {
    Incoming incoming = parcel_event(parcel, "parcel.ordered", "{}", at);
    incoming.address.unclaimed = Unclaimed::start;
    incoming.address.kind = "parcel";
    incoming.address.fresh = parcel;
    return incoming;
}

namespace {
Incoming by_tracking(Incoming incoming, WorkflowId parcel) {
    incoming.address.targets = {tracking_key(parcel)};
    incoming.address.unclaimed = Unclaimed::wait;
    incoming.address.waits_for = tracking_key(parcel);
    incoming.address.reason = "not ours";
    return incoming;
}
} // namespace

Incoming parcel_scanned(WorkflowId parcel, int n, Time at) {
    return by_tracking(parcel_event(parcel, "parcel.scanned", "{}", at, n), parcel);
}

Incoming parcel_arrived(WorkflowId parcel, int scans, Time at) {
    return by_tracking(parcel_event(parcel, "parcel.arrived", R"({"scans":)" + std::to_string(scans) + "}", at), parcel);
}

} // namespace appointd::engine::testing
