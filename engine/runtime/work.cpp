#include "engine/runtime/work.hpp"

#include "engine/core/address.hpp"

#include <exception>

namespace appointd::engine {

namespace {

void add_names(Names& names, const Address& address) {
    for (const Target& target : address.targets) {
        if (const auto* id = std::get_if<WorkflowId>(&target))
            names.workflows.insert(*id);
        else
            names.keys.insert(std::get<CorrelationKey>(target));
    }
    if (address.unclaimed == Unclaimed::wait) names.keys.insert(address.waits_for);
    names.keys.insert(address.binds.begin(), address.binds.end());
}

void add_names(Names& names, const EventRow& row) {
    names.events.insert(row.id);
    if (row.workflow) names.workflows.insert(*row.workflow);
    if (row.waits_for) names.keys.insert(*row.waits_for);
    add_names(names, address_of(row));
}

struct NamesOf {
    Names& names;
    void operator()(const Incoming& incoming) const {
        names.events.insert(incoming.event.id);
        add_names(names, incoming.address);
    }
    void operator()(const Ended& ended) const {
        const Attempt& attempt = ended.attempt;
        names.events.insert(outcome_id(attempt.id, attempt.round, attempt.created_at));
        names.events.insert(orphan_id(attempt));
        names.activities.insert(ended.attempt.id);
        names.workflows.insert(ended.attempt.id.workflow);
        names.keys.insert(ended.result.binds.begin(), ended.result.binds.end());
        for (const Incoming& incoming : ended.result.learned) (*this)(incoming);
    }
    void operator()(const Postponed& postponed) const { names.activities.insert(postponed.id); }
    void operator()(const TimersDue& due) const { names.workflows.insert(due.workflow); }
    void operator()(const Expired& expired) const { add_names(names, expired.row); }
    void operator()(const Requeued& requeued) const { names.events.insert(requeued.event); }
};

std::size_t bytes_of(const Event& event) { return event.payload.size() + event.raw.size() + 256; }

} // namespace

Address address_of(const EventRow& row) {
    if (row.address.empty()) return {};
    try {
        return parse_address(row.address);
    } catch (const std::exception&) {
        Address address;
        address.marked = true;
        address.reason = "its address cannot be read";
        return address;
    }
}

EventId outcome_id(const ActivityId& activity, int round, Time created_at) {
    return make_event_id(created_at, "activity", to_string(activity) + "." + std::to_string(round));
}

EventId orphan_id(const Attempt& attempt) {
    return make_event_id(attempt.created_at, "activity", to_string(attempt.id) + ".late." + std::to_string(attempt.epoch));
}

void add_names(Names& names, const Work& work) {
    if (const auto* incoming = std::get_if<Incoming>(&work.what); incoming && work.condemned)
        names.events.insert(incoming->event.id); // stored dead without a look at anything else, which might be what is broken
    else
        std::visit(NamesOf{names}, work.what);
}

std::optional<Target> target_of(const Work& work) {
    if (const auto* incoming = std::get_if<Incoming>(&work.what)) {
        const auto& targets = incoming->address.targets;
        return targets.empty() ? std::nullopt : std::optional(targets.front());
    }
    if (const auto* ended = std::get_if<Ended>(&work.what)) return ended->attempt.id.workflow;
    if (const auto* postponed = std::get_if<Postponed>(&work.what)) return postponed->id.workflow;
    if (const auto* due = std::get_if<TimersDue>(&work.what)) return due->workflow;
    return std::nullopt;
}

std::size_t bytes_of(const Work& work) {
    if (const auto* incoming = std::get_if<Incoming>(&work.what)) return bytes_of(incoming->event);
    if (const auto* ended = std::get_if<Ended>(&work.what)) {
        std::size_t sum = ended->result.result.size() + ended->attempt.request.size() + 256;
        for (const Incoming& incoming : ended->result.learned) sum += bytes_of(incoming.event);
        return sum;
    }
    return 256;
}

} // namespace appointd::engine
