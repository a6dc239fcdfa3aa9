#pragma once

#include "foundation/result.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::adapters::notify {

/// What the placeholders of a template stand for; a name that is absent or empty counts as not there.
using Values = std::map<std::string, std::string, std::less<>>;

/// A text with placeholders:
///   {{name}}               the value
///   {{#name}} … {{/name}}  what is between, where there is a value
///   {{^name}} … {{/name}}  what is between, where there is none
/// A line that holds one {{#…}}, {{^…}} or {{/…}} and nothing else leaves no line behind. Its first line is "Subject: …", then an
/// empty line, then the body.
class Template {
public:
    /// Error bad_template: says the line and what is wrong with it, also for a name that is not one of `names`.
    static Result<Template> parse(std::string_view text, const std::set<std::string, std::less<>>& names);

    std::string subject(const Values& values) const;
    std::string body(const Values& values) const;

private:
    struct Piece {
        enum class Kind { text, value, present, absent, end } kind = Kind::text;
        std::string text;     ///< the text, or the name
        std::size_t past = 0; ///< present, absent: the piece behind its end
    };
    using Pieces = std::vector<Piece>;

    static Result<Pieces> pieces_of(std::string_view text, std::size_t line, const std::set<std::string, std::less<>>& names);
    static std::string fill(const Pieces& pieces, const Values& values);

    Pieces subject_, body_;
};

} // namespace appointd::adapters::notify
