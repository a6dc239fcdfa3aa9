#include "tests/tidy/house/repository.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>

/// docs/scenarios.md names the scenario of every rule: none that is not there, and none left out.
namespace appointd::tidy {

namespace {

using Names = std::set<std::string>;

void collect(const std::string& text, const std::regex& pattern, Names& into) {
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
        into.insert((*it)[1].str() + "." + (*it)[2].str());
}

Names named_in_the_page() {
    static const std::regex name(R"(`([A-Za-z]+Rules)\.([A-Za-z0-9]+)`)");
    Names names;
    for (const SourceFile& file : repository())
        if (file.path == "docs/scenarios.md") collect(file.text, name, names);
    return names;
}

Names written_as_tests() {
    static const std::regex test(R"(TEST_P\(\s*([A-Za-z]+Rules),\s*([A-Za-z0-9]+)\))");
    Names names;
    for (const SourceFile& file : repository())
        if (file.under("tests/e2e/daemon")) collect(file.text, test, names);
    return names;
}

Names less(const Names& all, const Names& these) {
    Names left;
    std::set_difference(all.begin(), all.end(), these.begin(), these.end(), std::inserter(left, left.end()));
    return left;
}

} // namespace

TEST(Scenarios, NamedInThePageThenAreThere) {
    ASSERT_GE(named_in_the_page().size(), 50U);
    EXPECT_THAT(less(named_in_the_page(), written_as_tests()), testing::IsEmpty());
}

TEST(Scenarios, OfRulesThenAreNamedInThePage) { EXPECT_THAT(less(written_as_tests(), named_in_the_page()), testing::IsEmpty()); }

} // namespace appointd::tidy
