#include "engine/core/address.hpp"

#include "foundation/json.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace appointd::engine {

namespace {

constexpr std::string_view unclaimed_names[] = {"start", "wait", "ignore"};

json::array encode_keys(const std::vector<CorrelationKey>& keys) {
    json::array array;
    for (const CorrelationKey& key : keys) array.emplace_back(key.get());
    return array;
}

WorkflowId workflow_id(std::string_view text) {
    if (const auto id = parse_workflow_id(text)) return *id;
    throw std::invalid_argument("an address with a broken workflow id");
}

} // namespace

std::string encode_address(const Address& address) {
    json::object object;
    json::array& targets = object["targets"].emplace_array();
    for (const Target& target : address.targets) {
        json::object& entry = targets.emplace_back(json::object{}).as_object();
        if (const auto* id = std::get_if<WorkflowId>(&target))
            entry["workflow"] = to_string(*id);
        else
            entry["key"] = std::get<CorrelationKey>(target).get();
    }
    object["unclaimed"] = unclaimed_names[static_cast<int>(address.unclaimed)];
    object["kind"] = address.kind;
    object["fresh"] = to_string(address.fresh);
    object["waits_for"] = address.waits_for.get();
    object["marked"] = address.marked;
    object["reason"] = address.reason;
    object["binds"] = encode_keys(address.binds);
    return json::serialize(object);
}

Address parse_address(std::string_view text) {
    const auto object = parse_object(text);
    const auto* targets = object ? array_field(*object, "targets") : nullptr;
    const auto* binds = object ? array_field(*object, "binds") : nullptr;
    if (!targets || !binds) throw std::invalid_argument("not an address");
    Address address;
    for (const json::value& value : *targets) {
        const json::object& entry = value.as_object();
        if (const auto id = text_field(entry, "workflow"))
            address.targets.emplace_back(workflow_id(*id));
        else
            address.targets.emplace_back(CorrelationKey(text_field(entry, "key").value_or("")));
    }
    const auto unclaimed = text_field(*object, "unclaimed").value_or("");
    for (int at = 0; at < 3; ++at)
        if (unclaimed_names[at] == unclaimed) address.unclaimed = static_cast<Unclaimed>(at);
    address.kind = text_field(*object, "kind").value_or("");
    address.fresh = workflow_id(text_field(*object, "fresh").value_or(""));
    address.waits_for = CorrelationKey(text_field(*object, "waits_for").value_or(""));
    address.marked = bool_field(*object, "marked").value_or(false);
    address.reason = text_field(*object, "reason").value_or("");
    for (const json::value& key : *binds) address.binds.emplace_back(std::string(key.as_string()));
    return address;
}

} // namespace appointd::engine
