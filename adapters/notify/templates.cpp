#include "adapters/notify/templates.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace appointd::adapters::notify {
namespace {

bool is_kind(std::string_view name) { return std::ranges::find(mail_kinds, name) != mail_kinds.end(); }

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file || file.bad()) return Error{"bad_template", path.string() + ": cannot read this file"};
    return Result<std::string>(boost::system::in_place_value, std::move(text));
}

} // namespace

const std::set<std::string, std::less<>>& placeholders() {
    static const std::set<std::string, std::less<>> names{
        "name",     "session",        "when",   "join_url", "page_url", "cancel_url", "reschedule_url",
        "deadline", "price",          "paid",   "refunded", "kept",     "refunding",  "amount",
        "not_paid", "canceled_by_us", "unpaid", "booking",  "state",    "attention",
    };
    return names;
}

Result<Templates> Templates::load(const std::optional<std::filesystem::path>& directory) {
    std::map<std::string, std::string, std::less<>> texts;
    for (const TemplateFile& file : default_templates()) texts[std::string(file.name)] = file.text;
    if (directory) {
        std::error_code unreadable;
        for (const auto& entry : std::filesystem::directory_iterator(*directory, unreadable)) {
            if (entry.path().extension() != ".txt") continue;
            const std::string name = entry.path().stem().string();
            if (!is_kind(name)) return Error{"bad_template", entry.path().string() + ": no e-mail is called " + name};
            auto text = read_file(entry.path());
            if (!text) return text.error();
            texts[name] = std::move(*text);
        }
        if (unreadable) return Error{"bad_template", directory->string() + ": cannot read this folder"};
    }
    Templates templates;
    for (const auto& [name, text] : texts) {
        const auto parsed = Template::parse(text, placeholders());
        if (!parsed) return Error{parsed.error().code, name + ".txt, " + parsed.error().message};
        templates.all_.emplace(name, *parsed);
    }
    return templates;
}

const Template* Templates::find(std::string_view kind) const {
    const auto found = all_.find(kind);
    return found == all_.end() ? nullptr : &found->second;
}

} // namespace appointd::adapters::notify
