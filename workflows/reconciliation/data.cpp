#include "workflows/reconciliation/data.hpp"

#include "foundation/json_or_null.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace appointd::reconciliation {
namespace {

json::value sweep_json(const std::optional<Sweep>& sweep) {
    if (!sweep) return nullptr;
    return json::object{
        {"since", to_iso(sweep->since)},         {"until", to_iso(sweep->until)}, {"started", to_iso(sweep->started)},
        {"cursor", text_or_null(sweep->cursor)}, {"pages", sweep->pages},         {"seen", sweep->seen}};
}

template <class T> T must(std::optional<T> found, std::string_view name) {
    if (!found) throw std::invalid_argument("a reconciliation's data lacks " + std::string(name));
    return *std::move(found);
}

std::optional<Sweep> sweep_in(const json::object& object, std::string_view name) {
    const auto* found = object_field(object, name);
    if (!found) return std::nullopt;
    return Sweep{.since = must(time_field(*found, "since"), "since"),
                 .until = must(time_field(*found, "until"), "until"),
                 .started = must(time_field(*found, "started"), "started"),
                 .cursor = text_field(*found, "cursor").value_or(""),
                 .pages = must(int_field(*found, "pages"), "pages"),
                 .seen = must(int_field(*found, "seen"), "seen")};
}

} // namespace

Data read(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) throw std::invalid_argument("a reconciliation's data is no JSON object");
    Data data;
    data.provider = must(text_field(*object, "provider"), "provider");
    data.account = must(text_field(*object, "account"), "account");
    data.generation = must(int_field(*object, "generation"), "generation");
    data.every_seconds = must(int_field(*object, "every_seconds"), "every_seconds");
    data.floor = must(time_field(*object, "floor"), "floor");
    data.covered = must(time_field(*object, "covered"), "covered");
    data.sweep = sweep_in(*object, "sweep");
    data.last = sweep_in(*object, "last");
    data.last_ended = time_field(*object, "last_ended");
    data.wanted = time_field(*object, "wanted");
    data.last_error = text_field(*object, "last_error").value_or("");
    data.failures = must(int_field(*object, "failures"), "failures");
    data.sweeps = must(int_field(*object, "sweeps"), "sweeps");
    return data;
}

std::string write(const Data& data) {
    return json::serialize(json::object{{"provider", data.provider},
                                        {"account", data.account},
                                        {"generation", data.generation},
                                        {"every_seconds", data.every_seconds},
                                        {"floor", to_iso(data.floor)},
                                        {"covered", to_iso(data.covered)},
                                        {"sweep", sweep_json(data.sweep)},
                                        {"last", sweep_json(data.last)},
                                        {"last_ended", time_or_null(data.last_ended)},
                                        {"wanted", time_or_null(data.wanted)},
                                        {"last_error", text_or_null(data.last_error)},
                                        {"failures", data.failures},
                                        {"sweeps", data.sweeps}});
}

} // namespace appointd::reconciliation
