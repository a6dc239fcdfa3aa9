#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>

namespace appointd::tidy {

namespace {

constexpr std::size_t most_of_source = 400, most_of_header = 200, most_of_function = 70, most_of_line = 130;

/// A table whose rows belong side by side; the language that tables are written in; the one contract that every store keeps.
constexpr std::array<std::string_view, 3> long_files = {"workflows/booking/table.cpp", "engine/core/table.hpp",
                                                        "engine/ports/store.hpp"};

bool is_exempt(const SourceFile& file) { return std::ranges::find(long_files, file.path) != long_files.end(); }

/// With clang-format's layout a function at namespace scope begins in the first column with a brace at the end of a line, and
/// ends with "}" alone.
bool opens_function(const std::string& line) {
    if (line.empty() || line.front() == ' ' || line.front() == '}' || line.front() == '#' || line.front() == '/') return false;
    if (!line.ends_with("{") || line.find('(') == std::string::npos || line.find("](") != std::string::npos) return false;
    return std::ranges::none_of(std::array{"class ", "struct ", "namespace ", "enum ", "union "},
                                [&](std::string_view word) { return line.starts_with(word); });
}

} // namespace

TEST(Sizes, FilesThenShortEnoughToReadInOneGo) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code() || is_exempt(file)) continue;
        const std::size_t most = file.is(".hpp") ? most_of_header : most_of_source;
        EXPECT_LE(file.lines.size(), most) << file.path << ": divide it where it has two reasons to exist";
    }
}

TEST(Sizes, ExemptFilesThenStillThere) {
    for (const std::string_view path : long_files) EXPECT_TRUE(exists(std::string(path))) << path << ": strike it from the list";
}

TEST(Sizes, FunctionsThenNotLongerThanAScreen) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code() || is_exempt(file)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (!opens_function(file.lines[i])) continue;
            const auto end = std::find(file.lines.begin() + static_cast<std::ptrdiff_t>(i), file.lines.end(), "}");
            const auto length = static_cast<std::size_t>(end - file.lines.begin()) - i;
            EXPECT_LE(length, most_of_function) << at(file, i, "give the steps of this function names of their own");
        }
    }
}

/// Tables, text and comments are left to clang-format and to taste.
TEST(Sizes, LinesThenNoneRunsAway) {
    const std::regex end_of_raw(R"x(\)[A-Za-z]*")x");
    for (const SourceFile& file : repository()) {
        if (!file.is_code() || is_exempt(file)) continue;
        bool table = false, raw = false;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string& line = file.lines[i];
            if (line.find("// clang-format off") != std::string::npos) table = true;
            if (line.find("// clang-format on") != std::string::npos) table = false;
            if (line.find("R\"") != std::string::npos) raw = true;
            const bool text = table || raw || line.find('"') != std::string::npos || line.find("//") != std::string::npos;
            if (std::regex_search(line, end_of_raw)) raw = false;
            EXPECT_TRUE(text || line.size() <= most_of_line) << at(file, i, "run scripts/format");
        }
    }
}

} // namespace appointd::tidy
