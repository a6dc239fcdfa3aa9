#include "http/booking_request.hpp"

#include "foundation/digest.hpp"
#include "http/reply.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::http {
namespace {

constexpr std::size_t max_name = 200, max_email = 254, max_metadata = 4096, max_id = 100;

void fault(json::array& faults, std::string_view field, std::string_view message) {
    json::object entry;
    entry["field"] = json::string(field.data(), field.size());
    entry["message"] = json::string(message.data(), message.size());
    faults.push_back(std::move(entry));
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

/// Enough to catch what cannot be an address; whether it exists, only the post knows.
bool is_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at != 0 && at + 1 < text.size() && text.find('@', at + 1) == std::string_view::npos &&
           text.find_first_of(" \t<>\",;\\") == std::string_view::npos && text.back() != '.' && text[at + 1] != '.';
}

void read_text(const json::object& object, std::string_view name, std::string_view path, std::size_t longest, std::string& into,
               json::array& faults) {
    const auto text = text_field(object, name);
    if (!text || is_blank(*text)) return fault(faults, path, "is required: text that is not blank");
    if (text->size() > longest) return fault(faults, path, "is longer than " + std::to_string(longest) + " bytes");
    if (has_control(*text)) return fault(faults, path, "holds control characters");
    into = *text;
}

void refuse_unknown(const json::object& object, std::initializer_list<std::string_view> known, std::string_view path,
                    json::array& faults) {
    for (const auto& field : object) {
        const std::string_view name(field.key().data(), field.key().size());
        if (std::find(known.begin(), known.end(), name) == known.end())
            fault(faults, std::string(path) + std::string(name.substr(0, max_id)), "is not a field of this request");
    }
}

} // namespace

std::variant<BookingRequest, net::Response> read_booking_request(std::string_view body) {
    const auto object = parse_object(body);
    if (!object) return problem(400, "malformed", "The body is not a JSON object in UTF-8.");
    BookingRequest request;
    json::array faults;
    refuse_unknown(*object, {"session_type", "invitee", "metadata"}, "", faults);
    read_text(*object, "session_type", "session_type", max_id, request.session_type, faults);
    if (const auto* invitee = object_field(*object, "invitee")) {
        refuse_unknown(*invitee, {"name", "email"}, "invitee.", faults);
        read_text(*invitee, "name", "invitee.name", max_name, request.name, faults);
        read_text(*invitee, "email", "invitee.email", max_email, request.email, faults);
        if (!request.email.empty() && !is_email(request.email)) fault(faults, "invitee.email", "is not an e-mail address");
    } else {
        fault(faults, "invitee", "is required: an object with name and email");
    }
    if (const auto* metadata = object->if_contains("metadata"); metadata && !metadata->is_null()) {
        if (!metadata->is_object())
            fault(faults, "metadata", "is not an object");
        else if (json::serialize(*metadata).size() > max_metadata)
            fault(faults, "metadata", "is longer than " + std::to_string(max_metadata) + " bytes");
        else
            request.metadata = *metadata;
    }
    if (!faults.empty()) return invalid(std::move(faults));
    request.digest = sha256_hex(canonical(*object));
    return request;
}

std::variant<std::optional<std::string>, net::Response> idempotency_key(const net::Request& request) {
    const auto key = net::find_header(request.headers, "Idempotency-Key");
    if (!key) return std::optional<std::string>{};
    const bool visible = std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (key->empty() || key->size() > 255 || !visible)
        return invalid("Idempotency-Key", "is not a key: 1 to 255 visible ASCII characters without spaces");
    return std::optional<std::string>(*key);
}

} // namespace appointd::http
