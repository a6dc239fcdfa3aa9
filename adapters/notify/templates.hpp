#pragma once

#include "adapters/notify/template.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <span>

namespace appointd::adapters::notify {

/// What an e-mail can be about; each has a template of that name.
inline constexpr std::array<std::string_view, 8> mail_kinds{"pay_now",  "confirmed", "moved",    "new_link",
                                                            "canceled", "refunded",  "reminder", "attention"};

/// The placeholders that a template may use (docs/operations.md says what each holds).
const std::set<std::string, std::less<>>& placeholders();

/// The templates of all kinds: those of the directory, ours for what it does not have.
class Templates {
public:
    /// Error bad_template: names the file; also for a file NAME.txt that no kind of e-mail has.
    static Result<Templates> load(const std::optional<std::filesystem::path>& directory);

    /// Null for a kind that there is not.
    const Template* find(std::string_view kind) const;

private:
    std::map<std::string, Template, std::less<>> all_;
};

/// The defaults, as embedded at the build.
struct TemplateFile {
    std::string_view name, text;
};
std::span<const TemplateFile> default_templates();

} // namespace appointd::adapters::notify
