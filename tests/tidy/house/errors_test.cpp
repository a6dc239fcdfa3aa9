#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>

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

/// Whether the page names it, by itself or for every provider ("PROVIDER_unreachable").
bool is_on(const std::string& page, const std::string& code) {
    const auto names = [&](const std::string& word) { return std::regex_search(page, std::regex("\\b" + word + "\\b")); };
    const auto dash = code.find('_');
    return names(code) || (dash != std::string::npos && names("PROVIDER" + code.substr(dash)));
}

} // namespace

/// Where a code is written down as one: an error, an answer, what came of an attempt, a trouble, a field of the log.
TEST(Errors, CodesThenEachIsOnThePage) {
    const std::regex written(R"x((?:\bError\{|\bproblem\(\s*\d+,|\btry_again\(|\b(?:retry|failed|wait)\(|\btrouble\(|\{"code",|)x"
                             R"x(\bfailure_text\(|\.code = )\s*"([a-z][a-z0-9_]*[a-z0-9])")x");
    const auto& files = repository();
    const auto page = std::ranges::find(files, "docs/errors.md", &SourceFile::path);
    ASSERT_NE(page, files.end());
    std::size_t found = 0;
    for (const SourceFile& file : files) {
        if (!is_of_the_daemon(file)) continue;
        each_match(file.text, written, [&](const std::smatch& match) {
            ++found;
            EXPECT_TRUE(is_on(page->text, match[1]))
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
