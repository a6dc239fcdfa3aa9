#include "adapters/notify/template.hpp"

#include <algorithm>
#include <optional>

namespace appointd::adapters::notify {
namespace {

constexpr std::size_t longest_template = 64 * 1024;
constexpr std::string_view subject_mark = "Subject: ";

Error broken(std::size_t line, const std::string& what) {
    return Error{"bad_template", "line " + std::to_string(line) + ": " + what};
}

std::size_t lines_in(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

bool has(const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found != values.end() && !found->second.empty();
}

/// A section's mark alone on its line takes the line with it.
void take_line(std::string& before, std::string_view& after) {
    const auto line_begin = before.rfind('\n') == std::string::npos ? 0 : before.rfind('\n') + 1;
    if (before.find_first_not_of(' ', line_begin) != std::string::npos) return;
    const auto line_end = after.find_first_not_of(' ');
    if (line_end != std::string_view::npos && after[line_end] != '\n') return;
    before.resize(line_begin);
    after.remove_prefix(line_end == std::string_view::npos ? after.size() : line_end + 1);
}

} // namespace

Result<Template::Pieces> Template::pieces_of(std::string_view text, std::size_t line,
                                             const std::set<std::string, std::less<>>& names) {
    using Kind = Piece::Kind;
    Pieces pieces;
    std::vector<std::size_t> open;
    const std::string_view whole = text;
    const auto line_now = [&] {
        return line + lines_in(whole.substr(0, whole.size() - text.size() + std::min(text.find("{{"), text.size())));
    };
    bool after_mark = false; // the text before begins behind another mark of the same line
    while (!text.empty()) {
        const auto begin = text.find("{{");
        std::string plain(text.substr(0, begin));
        if (begin == std::string_view::npos) {
            pieces.push_back({Kind::text, std::move(plain), 0});
            break;
        }
        const auto end = text.find("}}", begin);
        if (end == std::string_view::npos) return broken(line_now(), "{{ without }}");
        std::string_view name = text.substr(begin + 2, end - begin - 2);
        Kind kind = Kind::value;
        if (name.starts_with('#')) kind = Kind::present;
        if (name.starts_with('^')) kind = Kind::absent;
        if (name.starts_with('/')) kind = Kind::end;
        if (kind != Kind::value) name.remove_prefix(1);
        if (!names.contains(name)) return broken(line_now(), "there is no placeholder \"" + std::string(name) + "\"");
        const auto at = line_now();
        text.remove_prefix(end + 2);
        const bool alone = !after_mark || plain.find('\n') != std::string::npos;
        if (kind != Kind::value && alone) take_line(plain, text);
        after_mark = kind == Kind::value || !alone;
        if (!plain.empty()) pieces.push_back({Kind::text, std::move(plain), 0});
        if (kind == Kind::end) {
            if (open.empty() || pieces[open.back()].text != name)
                return broken(at, "{{/" + std::string(name) + "}} closes nothing that is open");
            pieces[open.back()].past = pieces.size();
            open.pop_back();
            continue;
        }
        if (kind != Kind::value) open.push_back(pieces.size());
        pieces.push_back({kind, std::string(name), 0});
    }
    if (!open.empty()) return broken(line + lines_in(whole), "{{" + pieces[open.back()].text + "}} is never closed");
    return pieces;
}

std::string Template::fill(const Pieces& pieces, const Values& values) {
    using Kind = Piece::Kind;
    std::string out;
    for (std::size_t i = 0; i < pieces.size();) {
        const Piece& piece = pieces[i];
        const bool skipped =
            (piece.kind == Kind::present && !has(values, piece.text)) || (piece.kind == Kind::absent && has(values, piece.text));
        if (piece.kind == Kind::text) out += piece.text;
        if (piece.kind == Kind::value && has(values, piece.text)) out += values.find(piece.text)->second;
        i = skipped ? piece.past : i + 1;
    }
    return out;
}

Result<Template> Template::parse(std::string_view text, const std::set<std::string, std::less<>>& names) {
    if (text.size() > longest_template) return broken(1, "longer than 64 KiB");
    std::string unix_lines;
    for (const char c : text)
        if (c != '\r') unix_lines += c;
    const std::string_view all = unix_lines;
    const auto end = all.find('\n');
    if (!all.starts_with(subject_mark) || end == std::string_view::npos || !all.substr(end + 1).starts_with('\n'))
        return broken(1, "a template begins with \"Subject: …\" and an empty line");
    const auto subject = pieces_of(all.substr(subject_mark.size(), end - subject_mark.size()), 1, names);
    if (!subject) return subject.error();
    const auto body = pieces_of(all.substr(end + 2), 3, names);
    if (!body) return body.error();
    Template made;
    made.subject_ = *subject;
    made.body_ = *body;
    return made;
}

std::string Template::subject(const Values& values) const { return fill(subject_, values); }
std::string Template::body(const Values& values) const { return fill(body_, values); }

} // namespace appointd::adapters::notify
