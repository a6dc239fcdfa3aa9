#include "metrics/families.hpp"
#include "metrics/metrics.hpp"

#include "tests/unit/metrics/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

namespace appointd::metrics::testing {

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Compares with a file of the repository, which APPOINTD_UPDATE_DOCS=1 writes anew.
void expect_file(const std::string& path, const std::string& content) {
    const std::string full = std::string(APPOINTD_SOURCE "/") + path;
    if (std::getenv("APPOINTD_UPDATE_DOCS") != nullptr) std::ofstream(full) << content;
    EXPECT_TRUE(read(full) == content) << path << " is stale: run with APPOINTD_UPDATE_DOCS=1 and look at the difference";
}

std::string exposition_of_everything() {
    Metrics metrics(vocabulary());
    touch_everything(metrics);
    return metrics.exposition();
}

/// The lines that say name, type and help.
std::string announcements(const std::string& exposition) {
    std::istringstream lines(exposition);
    std::string line, result;
    while (std::getline(lines, line)) {
        if (line.starts_with("# ")) result += line + "\n";
    }
    return result;
}

} // namespace

TEST(Exposition, OfEveryFamilyThenNamesTypesAndHelpAreAsReleased) {
    expect_file("tests/unit/metrics/exposition.golden", announcements(exposition_of_everything()));
}

TEST(Exposition, OfEveryFamilyThenEachDeclarationIsThere) {
    const std::string text = exposition_of_everything();
    for (const Declaration& row : families()) {
        EXPECT_THAT(text,
                    ::testing::HasSubstr("# TYPE " + std::string(row.name) + " " + std::string(to_string(row.type)) + "\n"));
    }
}

TEST(Exposition, ReadByPromtoolThenItFindsNothingToSay) {
    if (::access("/usr/bin/promtool", X_OK) != 0) GTEST_SKIP() << "promtool is not installed";
    const std::string path = ::testing::TempDir() + "appointd-exposition-" + std::to_string(::getpid());
    std::ofstream(path) << exposition_of_everything();
    EXPECT_EQ(std::system(("/usr/bin/promtool check metrics < " + path).c_str()), 0);
    ::unlink(path.c_str());
}

TEST(MetricsPage, DrawnFromTheTableThenTheFileIsCurrent) { expect_file("docs/metrics.md", families_page()); }

} // namespace appointd::metrics::testing
