#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace appointd::tidy {

/// A file of the repository, read whole.
struct SourceFile {
    std::string path; ///< from the root: "engine/core/ids.cpp"
    std::string text;
    std::vector<std::string> lines;

    bool under(std::string_view folder) const { return path.starts_with(std::string(folder) + "/"); }
    bool is(std::string_view extension) const { return path.ends_with(extension); }
    bool is_code() const { return is(".cpp") || is(".hpp"); }
};

/// Every file that is ours: the rooms, tests, docs and the loose files of the root; no build folders. Read once.
const std::vector<SourceFile>& repository();

bool exists(const std::string& path);

/// "path:line: message", for failures that an editor can jump to.
std::string at(const SourceFile& file, std::size_t line_index, std::string_view message);

std::string lower(std::string text);

} // namespace appointd::tidy
