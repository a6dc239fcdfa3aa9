#include "adapters/webhook.hpp"

#include "adapters/redaction.hpp"
#include "foundation/digest.hpp"

namespace appointd::adapters {
namespace {

constexpr std::size_t longest_type = 100;

std::string event_type_name(std::string_view type) {
    std::string name;
    for (const char c : type.substr(0, longest_type))
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'
                    ? c
                    : '_';
    return name.empty() ? "unknown" : name;
}

} // namespace

FreshId fresh_ids(const engine::Clock& clock, engine::Random& random) {
    return [&clock, &random] {
        engine::RandomBytes bytes;
        random.fill(bytes);
        return engine::make_workflow_id(clock.now(), bytes);
    };
}

Result<Body> read_body(std::string_view body) {
    if (body.empty()) return Error{"malformed", "the body is empty"};
    auto parsed = parse_object(body);
    if (!parsed) return Error{"malformed", "the body is not one JSON object in UTF-8"};
    std::string raw = without_secrets(body, *parsed);
    return Body{std::move(*parsed), std::move(raw)};
}

engine::Incoming ignored(engine::EventId id, std::string_view source, std::string_view type, Time occurred_at, std::string raw,
                         std::string reason) {
    engine::Incoming incoming;
    incoming.event = {id, std::string(source), event_type_name(type), occurred_at, "{}", std::move(raw)};
    incoming.address.unclaimed = engine::Unclaimed::ignore;
    incoming.address.reason = std::move(reason);
    return incoming;
}

std::string key_of_body(std::string_view type, std::string_view raw_body) {
    return std::string(type).append("|body|").append(sha256_hex(raw_body));
}

} // namespace appointd::adapters
