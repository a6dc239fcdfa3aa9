#include "engine/runtime/fleet.hpp"

#include <iterator>
#include <sstream>

namespace appointd::engine {

namespace {

std::string name_of(const Definition& definition) { return definition.kind + "/" + std::to_string(definition.version); }

std::set<std::string> names_in(const std::string& versions) {
    std::istringstream words(versions);
    return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
}

} // namespace

Fleet::Fleet(const Definitions& definitions) : definitions_(definitions) {
    for (const Definition& definition : definitions.all()) own_ += (own_.empty() ? "" : " ") + name_of(definition);
    choose({});
}

void Fleet::set(const std::vector<std::string>& versions) {
    auto common = names_in(own_);
    for (const std::string& node : versions) {
        const auto known = names_in(node);
        std::erase_if(common, [&](const std::string& name) { return !known.contains(name); });
    }
    choose(common);
}

void Fleet::choose(const std::set<std::string>& common) {
    std::map<std::string, const Definition*, std::less<>> oldest, newest;
    for (const Definition& definition : definitions_.all()) {
        const Definition*& first = oldest[definition.kind];
        if (!first || definition.version < first->version) first = &definition;
        if (!common.contains(name_of(definition))) continue;
        const Definition*& last = newest[definition.kind];
        if (!last || definition.version > last->version) last = &definition;
    }
    newest.merge(oldest); // where the nodes have none in common
    const std::lock_guard lock(mutex_);
    to_start_ = std::move(newest);
}

const Definition* Fleet::to_start(std::string_view kind) const {
    const std::lock_guard lock(mutex_);
    const auto found = to_start_.find(kind);
    return found == to_start_.end() ? nullptr : found->second;
}

} // namespace appointd::engine
