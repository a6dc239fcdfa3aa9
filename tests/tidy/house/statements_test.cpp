#include "tests/tidy/house/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace appointd::tidy {

TEST(Statements, EverySqlFileThenNamedBySomeCode) {
    for (const SourceFile& statement : repository()) {
        if (!statement.is(".sql") || !statement.under("persistence/sql")) continue;
        const std::string name = "\"" + std::filesystem::path(statement.path).stem().string() + "\"";
        const bool used = std::ranges::any_of(repository(), [&](const SourceFile& file) {
            return file.under("persistence") && file.is(".cpp") && file.text.find(name) != std::string::npos;
        });
        EXPECT_TRUE(used) << statement.path << ": nothing in persistence/ names " << name;
    }
}

TEST(Statements, MigrationsThenTheSameNumbersForBothDatabases) {
    std::map<std::string, std::set<std::string>> names;
    for (const SourceFile& file : repository()) {
        if (!file.is(".sql") || !file.under("persistence/migrations")) continue;
        const std::filesystem::path path(file.path);
        names[path.parent_path().filename().string()].insert(path.filename().string());
    }
    EXPECT_FALSE(names["postgresql"].empty());
    EXPECT_EQ(names["postgresql"], names["sqlite"]);
}

TEST(Statements, CodeThenHoldsNoSqlOfItsOwn) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code() || file.under("tests") || file.under("bench")) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            for (const auto* verb :
                 {"\"select ", "\"insert into ", "\"update ", "\"delete from ", "\"SELECT ", "\"INSERT INTO "}) {
                EXPECT_EQ(file.lines[i].find(verb), std::string::npos) << at(file, i, "statements live in persistence/sql/*.sql");
            }
        }
    }
}

} // namespace appointd::tidy
