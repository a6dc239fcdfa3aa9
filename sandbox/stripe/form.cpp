#include "sandbox/stripe/form.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace appointd::sandbox::stripe {
namespace {

bool is_index(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(const std::vector<std::string>& keys, const std::vector<std::string>& pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "**") return i < keys.size();
        if (i >= keys.size()) return false;
        if (pattern[i] == "#" ? !is_index(keys[i]) : pattern[i] != "*" && pattern[i] != keys[i]) return false;
    }
    return keys.size() == pattern.size();
}

} // namespace

std::vector<std::string> keys_of(std::string_view name) {
    std::vector<std::string> keys;
    std::size_t open = name.find('[');
    keys.emplace_back(name.substr(0, open));
    while (open != std::string_view::npos) {
        const std::size_t close = name.find(']', open);
        if (close == std::string_view::npos) break;
        keys.emplace_back(name.substr(open + 1, close - open - 1));
        open = name.find('[', close);
    }
    return keys;
}

Form::Form(Fields fields) : fields_(std::move(fields)) {
    std::map<std::string, std::size_t> counted;
    for (auto& [name, value] : fields_) {
        const std::size_t empty = name.find("[]");
        if (empty == std::string::npos) continue;
        const std::size_t index = counted[name]++;
        name.insert(empty + 1, std::to_string(index));
    }
}

std::optional<std::string> Form::get(std::string_view name) const {
    auto value = find_field(fields_, name);
    return value && value->empty() ? std::nullopt : value;
}

std::optional<std::int64_t> Form::integer(std::string_view name) const {
    const auto text = get(name);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (problem != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return value;
}

json::object Form::children(std::string_view prefix) const {
    json::object out;
    for (const auto& [name, value] : fields_) {
        if (name.size() < prefix.size() + 3 || !name.starts_with(prefix) || name[prefix.size()] != '[' || name.back() != ']')
            continue;
        const std::string_view key = std::string_view(name).substr(prefix.size() + 1, name.size() - prefix.size() - 2);
        if (key.find(']') == std::string_view::npos) out[key] = value;
    }
    return out;
}

std::size_t Form::size_of(std::string_view prefix) const {
    std::size_t count = 0;
    for (;; ++count) {
        const std::string start = std::string(prefix) + "[" + std::to_string(count) + "]";
        if (std::none_of(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first.starts_with(start); }))
            return count;
    }
}

std::optional<std::string> Form::unknown(std::span<const std::string_view> patterns) const {
    for (const auto& [name, value] : fields_) {
        const auto keys = keys_of(name);
        if (std::none_of(patterns.begin(), patterns.end(),
                         [&](std::string_view pattern) { return fits(keys, keys_of(pattern)); }))
            return name;
    }
    return std::nullopt;
}

std::string Form::canonical() const {
    Fields sorted = fields_;
    std::sort(sorted.begin(), sorted.end());
    return form_encode(sorted);
}

} // namespace appointd::sandbox::stripe
