#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <set>

namespace appointd::tidy {

namespace {

constexpr std::array<std::string_view, 9> rooms_of_the_daemon = {"foundation",  "net",  "engine",  "workflows", "adapters",
                                                                 "persistence", "http", "metrics", "daemon"};

bool is_of_the_daemon(const SourceFile& file) {
    return file.is_code() && std::ranges::any_of(rooms_of_the_daemon, [&](std::string_view room) { return file.under(room); });
}

template <class Visit> void each_match(const std::string& text, const std::regex& pattern, Visit visit) {
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) visit(*it);
}

std::size_t line_at(const SourceFile& file, std::ptrdiff_t position) {
    return static_cast<std::size_t>(std::count(file.text.begin(), file.text.begin() + position, '\n'));
}

std::set<std::string> words_of(const std::string& page) {
    std::set<std::string> words;
    each_match(page, std::regex("\\w+"), [&](const std::smatch& word) { words.insert(word.str()); });
    return words;
}

} // namespace

/// Where a code is written down as one: an error, an answer, what came of an attempt, a trouble, a field of the log.
TEST(Errors, CodesThenEachIsOnThePage) {
    const std::regex written(R"x((?:\bError\{|\bproblem\(\s*\d+,|\btry_again\(|\b(?:retry|failed|wait)\(|\btrouble\(|\{"code",|)x"
                             R"x(\bfailure_text\(|\.code = )\s*"([a-z][a-z0-9_]*[a-z0-9])")x");
    const auto& files = repository();
    const auto page = std::ranges::find(files, "docs/errors.md", &SourceFile::path);
    ASSERT_NE(page, files.end());
    const auto words = words_of(page->text);
    const auto is_explained = [&](const std::string& code) { // by itself or for every provider: "PROVIDER_unreachable"
        const auto after_provider = code.find('_');
        return words.contains(code) ||
               (after_provider != std::string::npos && words.contains("PROVIDER" + code.substr(after_provider)));
    };
    std::size_t found = 0;
    for (const SourceFile& file : files) {
        if (!is_of_the_daemon(file)) continue;
        each_match(file.text, written, [&](const std::smatch& match) {
            ++found;
            EXPECT_TRUE(is_explained(match[1]))
                << at(file, line_at(file, match.position()), "docs/errors.md does not say what " + match[1].str() + " means");
        });
    }
    EXPECT_GT(found, 100U) << "codes are written in another way now: teach this test";
}

TEST(Errors, WarningsAndErrorsInTheLogThenEachHasACode) {
    const std::regex told(R"(\blog_?\.(?:warn|error)\()");
    std::size_t found = 0;
    for (const SourceFile& file : repository()) {
        if (!is_of_the_daemon(file)) continue;
        each_match(file.text, told, [&](const std::smatch& match) {
            ++found;
            const auto begin = static_cast<std::size_t>(match.position());
            const std::string statement = file.text.substr(begin, file.text.find(");", begin) - begin);
            EXPECT_NE(statement.find("{\"code\","), std::string::npos)
                << at(file, line_at(file, match.position()), "give it a stable code, and explain that in docs/errors.md");
        });
    }
    EXPECT_GT(found, 10U);
}

} // namespace appointd::tidy
