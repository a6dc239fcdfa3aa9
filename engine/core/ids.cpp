#include "engine/core/ids.hpp"

#include <boost/uuid/detail/sha1.hpp>

#include <charconv>

namespace appointd::engine {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

void put_moment(Uuid& id, Time moment) {
    const auto millis = static_cast<std::uint64_t>(to_micros(moment) < 0 ? 0 : to_micros(moment) / 1000);
    for (int byte = 0; byte < 6; ++byte) id.data[byte] = static_cast<std::uint8_t>(millis >> (40 - 8 * byte));
}

void put_version(Uuid& id, unsigned version) {
    id.data[6] = static_cast<std::uint8_t>((id.data[6] & 0x0fu) | (version << 4));
    id.data[8] = static_cast<std::uint8_t>((id.data[8] & 0x3fu) | 0x80u);
}

std::string path(std::string_view owner, std::string_view provider, std::string_view account) {
    std::string text;
    text.reserve(owner.size() + provider.size() + account.size() + 2);
    return text.append(owner).append("/").append(provider).append("/").append(account);
}

std::optional<int> parse_number(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

} // namespace

std::string to_string(const Uuid& id) {
    std::string text;
    text.reserve(36);
    for (std::size_t byte = 0; byte < 16; ++byte) {
        if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text += '-';
        text += digits[id.data[byte] >> 4];
        text += digits[id.data[byte] & 15];
    }
    return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id{};
    std::size_t at = 0;
    for (std::size_t byte = 0; byte < 16; ++byte) {
        if (byte == 4 || byte == 6 || byte == 8 || byte == 10)
            if (text[at++] != '-') return std::nullopt;
        const int high = value_of(text[at]), low = value_of(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.data[byte] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

std::string to_string(const ActivityId& id) {
    return to_string(id.workflow) + "." + std::to_string(id.seq) + "." + std::to_string(id.n);
}

std::optional<WorkflowId> parse_workflow_id(std::string_view text) {
    if (const auto id = parse_uuid(text)) return WorkflowId(*id);
    return std::nullopt;
}

std::optional<WorkflowId> parse_claimed_workflow_id(std::string_view text) {
    const auto id = parse_uuid(text);
    const bool made_here = id && id->data[6] >> 4 == 7 && id->data[8] >> 6 == 2; // as put_version writes them
    return made_here ? std::optional(WorkflowId(*id)) : std::nullopt;
}

std::optional<ActivityId> parse_activity_id(std::string_view text) {
    const auto first = text.find('.');
    const auto second = first == text.npos ? first : text.find('.', first + 1);
    if (second == text.npos) return std::nullopt;
    const auto workflow = parse_workflow_id(text.substr(0, first));
    const auto seq = parse_number(text.substr(first + 1, second - first - 1));
    const auto n = parse_number(text.substr(second + 1));
    if (!workflow || !seq || !n) return std::nullopt;
    return ActivityId{*workflow, *seq, *n};
}

WorkflowId make_workflow_id(Time now, const RandomBytes& random) {
    Uuid id{};
    std::copy(random.begin(), random.end(), id.data + 6);
    put_moment(id, now);
    put_version(id, 7);
    return WorkflowId(id);
}

EventId make_event_id(Time moment, std::string_view source, std::string_view key) {
    boost::uuids::detail::sha1 hash;
    hash.process_bytes(source.data(), source.size());
    hash.process_byte('\n'); // no source holds one, so ("a", "b") never meets ("ab", "")
    hash.process_bytes(key.data(), key.size());
    unsigned int words[5];
    hash.get_digest(words);
    Uuid id{};
    for (std::size_t byte = 6; byte < 16; ++byte)
        id.data[byte] = static_cast<std::uint8_t>(words[(byte - 6) / 4] >> (24 - 8 * ((byte - 6) % 4)));
    put_moment(id, moment);
    put_version(id, 8);
    return EventId(id);
}

CorrelationKey correlation_key(std::string_view owner, std::string_view provider, std::string_view account, std::string_view kind,
                               std::string_view external_id) {
    return CorrelationKey(path(owner, provider, account).append("/").append(kind).append("/").append(external_id));
}

Lane lane(std::string_view owner, std::string_view provider, std::string_view account) {
    return Lane(path(owner, provider, account));
}

std::string_view provider_of(const Lane& lane) {
    std::string_view text = lane.get();
    const auto begin = text.find('/');
    if (begin == text.npos) return text;
    text.remove_prefix(begin + 1);
    return text.substr(0, text.find('/'));
}

} // namespace appointd::engine
