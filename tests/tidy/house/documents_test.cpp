#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

namespace appointd::tidy {

namespace {

/// Targets of Markdown links that lead into the repository, without their anchors.
std::vector<std::string> links_in(const std::string& line) {
    static const std::regex link(R"(\]\(([^)\s]+)\))");
    std::vector<std::string> targets;
    for (std::sregex_iterator it(line.begin(), line.end(), link), end; it != end; ++it) {
        const std::string target = (*it)[1].str();
        const bool elsewhere = target.starts_with("http://") || target.starts_with("https://") || target.starts_with("mailto:");
        if (!elsewhere && !target.starts_with("#")) targets.push_back(target.substr(0, target.find('#')));
    }
    return targets;
}

} // namespace

TEST(Documents, LinksThenLeadToFilesThatAreThere) {
    for (const SourceFile& file : repository()) {
        if (!file.is(".md")) continue;
        const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (const std::string& target : links_in(file.lines[i])) {
                EXPECT_TRUE(exists((folder / target).lexically_normal().string()))
                    << at(file, i, "the link leads nowhere: " + target);
            }
        }
    }
}

TEST(Documents, FilesNamedInThemThenAreThere) {
    // docs/NAME.md, scripts/NAME, deploy/NAME and sources, as they stand in running text.
    static const std::regex name(
        R"((^|[\s`(])((docs|scripts|deploy|tests|engine|workflows|adapters|persistence|http|metrics|daemon)/[A-Za-z0-9_/.-]*[A-Za-z0-9_]))");
    for (const SourceFile& file : repository()) {
        if (!file.is(".md")) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string& line = file.lines[i];
            for (std::sregex_iterator it(line.begin(), line.end(), name), end; it != end; ++it) {
                const std::string path = (*it)[2].str();
                const char next = it->suffix().length() > 0 ? *it->suffix().first : ' ';
                if (next == '*' || next == '{' || next == '<') continue; // a pattern, not a file
                if (path.find('.') == std::string::npos && !path.starts_with("scripts/"))
                    continue; // a folder, or words divided by a slash
                EXPECT_TRUE(exists(path)) << at(file, i, "names a file that is not there: " + path);
            }
        }
    }
}

} // namespace appointd::tidy
