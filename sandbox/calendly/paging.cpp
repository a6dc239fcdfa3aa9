#include "sandbox/calendly/paging.hpp"

#include "sandbox/calendly/state.hpp"

#include <algorithm>
#include <charconv>

namespace appointd::sandbox::calendly {
namespace {

constexpr std::string_view token_prefix = "sQ"; // opaque to callers

std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

json::value token_for(std::size_t offset) { return json::value(std::string(token_prefix) + std::to_string(offset)); }

} // namespace

std::optional<json::object> page_of(const Call& call, json::array all) {
    const auto count = number(call.parameter("count").value_or("20"));
    if (!count || *count < 1 || *count > 100) return std::nullopt;
    std::size_t offset = 0;
    if (const auto token = call.parameter("page_token"); token && !token->empty()) {
        if (!token->starts_with(token_prefix)) return std::nullopt;
        const auto parsed = number(std::string_view(*token).substr(token_prefix.size()));
        if (!parsed || *parsed > all.size()) return std::nullopt;
        offset = *parsed;
    }
    const std::size_t end = std::min(offset + *count, all.size());
    json::array page(all.begin() + static_cast<std::ptrdiff_t>(offset), all.begin() + static_cast<std::ptrdiff_t>(end));
    json::value next = end < all.size() ? token_for(end) : json::value(nullptr);
    json::value previous = offset > 0 ? token_for(offset > *count ? offset - *count : 0) : json::value(nullptr);
    const auto link = [&](const json::value& token) -> json::value {
        if (!token.is_string()) return nullptr;
        std::string uri(uri_root.substr(0, uri_root.size() - 1));
        return json::value(uri + call.path + "?page_token=" + std::string(token.get_string()));
    };
    json::object pagination{{"count", page.size()}, {"next_page", link(next)}, {"previous_page", link(previous)}};
    pagination["next_page_token"] = std::move(next);
    pagination["previous_page_token"] = std::move(previous);
    return json::object{{"collection", std::move(page)}, {"pagination", std::move(pagination)}};
}

} // namespace appointd::sandbox::calendly
