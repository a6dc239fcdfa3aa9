#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace appointd::tidy {

namespace {

/// Put together here so that this file does not trip over itself.
const std::array<std::string, 5> unfinished = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                               std::string("HA") + "CK:", std::string("for ") + "now",
                                               std::string("not ") + "implemented"};

constexpr std::array<std::string_view, 7> empty_names = {"util", "utils", "utilities", "helper", "helpers", "common", "misc"};

/// A second workflow kind must need no line of engine code: so the engine knows no word of the first one's world.
constexpr std::array<std::string_view, 5> foreign_to_engine = {"calendly", "stripe", "zoom", "sql", "http"};

} // namespace

TEST(Words, EverywhereThenNothingIsLeftForLater) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code() && !file.is(".sql") && !file.is(".cmake") && !file.is("CMakeLists.txt") && !file.under("scripts"))
            continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (const std::string& word : unfinished) {
                EXPECT_EQ(file.lines[i].find(word), std::string::npos)
                    << at(file, i, "finish it, or write an issue: \"" + word + "\"");
            }
        }
    }
}

TEST(Words, FileNamesThenTheySayWhatIsInside) {
    for (const SourceFile& file : repository()) {
        const std::string name = std::filesystem::path(file.path).stem().string();
        EXPECT_EQ(std::ranges::find(empty_names, name), empty_names.end()) << file.path << ": name the file for what it holds";
    }
}

TEST(Words, EngineThenItKnowsNoProviderNoDatabaseNoProtocol) {
    for (const SourceFile& file : repository()) {
        if (!file.under("engine") || !file.is_code()) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string line = lower(file.lines[i]);
            for (const std::string_view word : foreign_to_engine) {
                EXPECT_EQ(line.find(word), std::string::npos)
                    << at(file, i, "the engine does not know the word \"" + std::string(word) + "\"");
            }
        }
    }
}

TEST(Words, HeadersThenGuardedOnce) {
    for (const SourceFile& file : repository()) {
        if (!file.is(".hpp")) continue;
        EXPECT_TRUE(!file.lines.empty() && file.lines.front() == "#pragma once") << file.path << ": begins with #pragma once";
    }
}

} // namespace appointd::tidy
