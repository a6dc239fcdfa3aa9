#include "workflows/reconciliation/instance.hpp"

#include "foundation/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace appointd::reconciliation {
namespace {

constexpr std::string_view kind = "reconciliation";

std::string source_of(std::string_view provider, std::string_view account) {
    return std::string(kind).append("/").append(provider).append("/").append(account);
}

engine::Incoming for_instance(engine::WorkflowId instance, std::string_view type, const std::string& key, json::object payload,
                              Time now) {
    engine::Incoming incoming;
    incoming.event = {
        engine::make_event_id(Time{}, kind, key), "reconcile", std::string(type), now, json::serialize(payload), ""};
    incoming.address.targets.emplace_back(instance);
    incoming.address.unclaimed = engine::Unclaimed::ignore;
    incoming.address.reason = "no such reconciliation";
    return incoming;
}

} // namespace

engine::WorkflowId id_of(std::string_view provider, std::string_view account, std::int64_t generation) {
    const auto hash = engine::make_event_id(Time{}, source_of(provider, account), "instance");
    engine::RandomBytes bytes{};
    std::copy_n(hash.get().data + 6, bytes.size(), bytes.begin());
    return engine::make_workflow_id(Time{std::chrono::milliseconds(generation)}, bytes);
}

engine::Incoming begun(const Beginning& beginning, Time now) {
    const auto id = id_of(beginning.provider, beginning.account, beginning.generation);
    auto incoming = for_instance(id, "reconciliation.begun", "begun|" + engine::to_string(id), {}, now);
    incoming.event.payload = encode(beginning);
    incoming.address.unclaimed = engine::Unclaimed::start;
    incoming.address.kind = kind;
    incoming.address.fresh = id;
    return incoming;
}

engine::Incoming configured(engine::WorkflowId instance, std::int64_t every_seconds, int revision, Time now) {
    const auto key =
        "configured|" + engine::to_string(instance) + "|" + std::to_string(every_seconds) + "|" + std::to_string(revision);
    return for_instance(instance, "reconciliation.configured", key, {{"every_seconds", every_seconds}}, now);
}

engine::Incoming gap(engine::WorkflowId instance, std::string_view what, Time now) {
    const auto key = "gap|" + engine::to_string(instance) + "|" + std::string(what);
    return for_instance(instance, "reconciliation.gap", key, {{"what", what}}, now);
}

std::string encode(const Beginning& beginning) {
    return json::serialize(json::object{{"provider", beginning.provider},
                                        {"account", beginning.account},
                                        {"generation", beginning.generation},
                                        {"every_seconds", beginning.every_seconds},
                                        {"floor", to_iso(beginning.floor)},
                                        {"covered", to_iso(beginning.covered)}});
}

Beginning parse_beginning(std::string_view text) {
    const auto object = parse_object(text);
    const auto provider = object ? text_field(*object, "provider") : std::nullopt;
    const auto account = object ? text_field(*object, "account") : std::nullopt;
    const auto generation = object ? int_field(*object, "generation") : std::nullopt;
    const auto every = object ? int_field(*object, "every_seconds") : std::nullopt;
    const auto floor = object ? time_field(*object, "floor") : std::nullopt;
    const auto covered = object ? time_field(*object, "covered") : std::nullopt;
    if (!provider || !account || !generation || !every || !floor || !covered)
        throw std::invalid_argument("the beginning of a reconciliation lacks a field");
    return {*provider, *account, *generation, *every, *floor, *covered};
}

std::string list_request(Time since, Time until, std::string_view cursor) {
    return json::serialize(json::object{{"since", to_iso(since)},
                                        {"until", to_iso(until)},
                                        {"cursor", cursor.empty() ? json::value(nullptr) : json::value(cursor)}});
}

std::string list_kind(std::string_view provider) {
    return std::string(provider) + (provider == "zoom" ? ".meetings.list" : ".events.list");
}

engine::Lane lane_of(std::string_view provider) { return engine::lane("", provider, kind); }

} // namespace appointd::reconciliation
