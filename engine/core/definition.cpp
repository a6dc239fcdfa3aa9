#include "engine/core/definition.hpp"

#include "engine/core/table.hpp"

#include <boost/uuid/detail/sha1.hpp>

#include <set>

namespace appointd::engine {

Definitions::Definitions(std::vector<Definition> definitions) : definitions_(std::move(definitions)) {}

const Definition* Definitions::find(std::string_view kind, int version) const {
    for (const Definition& definition : definitions_)
        if (definition.kind == kind && definition.version == version) return &definition;
    return nullptr;
}

const Definition* Definitions::newest(std::string_view kind) const {
    const Definition* newest = nullptr;
    for (const Definition& definition : definitions_)
        if (definition.kind == kind && (!newest || definition.version > newest->version)) newest = &definition;
    return newest;
}

std::string fingerprint_of(const std::vector<RowText>& rows) {
    boost::uuids::detail::sha1 hash;
    const auto add = [&hash](std::string_view text) {
        hash.process_bytes(text.data(), text.size());
        hash.process_byte('\n');
    };
    for (const RowText& row : rows) {
        for (const auto* text : {&row.from, &row.event, &row.guard, &row.outcome, &row.to, &row.reason}) add(*text);
        for (const auto& action : row.actions) add(action);
    }
    unsigned int words[5];
    hash.get_digest(words);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned int word : words)
        for (int shift = 28; shift >= 0; shift -= 4) text += digits[(word >> shift) & 15u];
    return text;
}

std::string to_mermaid(const Definition& definition) {
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> arrows;
    std::set<std::string> left;
    for (const RowText& row : definition.rows) {
        if (row.outcome != "go" || row.from == row.to) continue;
        const bool begins = row.from == "none";
        auto& events = arrows[{begins ? "[*]" : row.from, row.to}];
        if (std::find(events.begin(), events.end(), row.event) == events.end()) events.push_back(row.event);
        left.insert(row.from);
    }
    std::string text = "stateDiagram-v2\n";
    for (const std::string& state : definition.states) text += "    state " + state + "\n";
    for (const auto& [arrow, events] : arrows) {
        text += "    " + arrow.first + " --> " + arrow.second + " : ";
        for (std::size_t at = 0; at < events.size(); ++at) text += (at ? ", " : "") + events[at];
        text += "\n";
    }
    for (const std::string& state : definition.states)
        if (!left.contains(state)) text += "    " + state + " --> [*]\n";
    return text;
}

} // namespace appointd::engine
