#include "engine/runtime/fleet.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace appointd::engine {

namespace {

std::string name_of(const Definition& definition) { return definition.kind + "/" + std::to_string(definition.version); }

std::set<std::string, std::less<>> names_in(const std::string& versions) {
    std::istringstream words(versions);
    return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
}

} // namespace

Fleet::Fleet(const Definitions& definitions) : definitions_(definitions) {
    for (const Definition& definition : definitions.all()) own_ += (own_.empty() ? "" : " ") + name_of(definition);
}

void Fleet::set(const std::vector<std::string>& versions) {
    auto common = names_in(own_);
    for (const std::string& node : versions) {
        const auto known = names_in(node);
        std::erase_if(common, [&](const std::string& name) { return !known.contains(name); });
    }
    const std::lock_guard lock(mutex_);
    common_ = std::move(common);
}

const Definition* Fleet::to_start(std::string_view kind) const {
    const std::lock_guard lock(mutex_);
    const Definition *newest = nullptr, *oldest = nullptr;
    for (const Definition& definition : definitions_.all()) {
        if (definition.kind != kind) continue;
        if (!oldest || definition.version < oldest->version) oldest = &definition;
        if (common_.contains(name_of(definition)) && (!newest || definition.version > newest->version)) newest = &definition;
    }
    return newest ? newest : oldest;
}

} // namespace appointd::engine
