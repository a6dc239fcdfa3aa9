#include "persistence/database_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::persistence {

using testing::HasSubstr;
using testing::Not;

TEST(DatabaseUrl, SqliteWithThreeSlashesIsRelativeAndWithFourAbsolute) {
    EXPECT_EQ(parse_database_url("sqlite:///appointd.db")->target, "appointd.db");
    EXPECT_EQ(parse_database_url("sqlite:////var/lib/appointd/a%20b.db")->target, "/var/lib/appointd/a b.db");
    EXPECT_EQ(parse_database_url("sqlite:///appointd.db")->dialect, Dialect::sqlite);
}

TEST(DatabaseUrl, PostgresqlKeepsTheUrlAndAddsTimeLimitsThatItDoesNotName) {
    const auto url = parse_database_url("postgres://me:pass@host:5433/db?connect_timeout=2&sslmode=require").value();
    EXPECT_EQ(url.dialect, Dialect::postgresql);
    EXPECT_THAT(url.target, HasSubstr("postgres://me:pass@host:5433/db?connect_timeout=2&sslmode=require&keepalives=1"));
    EXPECT_THAT(url.target, Not(HasSubstr("connect_timeout=5")));
    EXPECT_THAT(parse_database_url("postgresql://host/db")->target, HasSubstr("/db?connect_timeout=5&"));
}

TEST(DatabaseUrl, AnythingElseIsRefusedWithoutBeingRepeated) {
    for (const char* text : {"", "appointd.db", "sqlite://appointd.db", "sqlite:///", "mysql://me:secret@host/db",
                             "sqlite:///a\"b", "postgresql://me:%zz@host/db"}) {
        const auto url = parse_database_url(text);
        ASSERT_TRUE(url.has_error()) << text;
        EXPECT_EQ(url.error().code, "database_url_invalid");
        EXPECT_THAT(url.error().message, Not(HasSubstr("secret")));
    }
}

TEST(DatabaseUrl, PasswordIsBlankedAsWrittenAndAsDecoded) {
    const auto url = parse_database_url("postgresql://me:s%40fe@host/db").value();
    EXPECT_EQ(url.redact("no s%40fe and no s@fe"), "no *** and no ***");
    const auto parameter = parse_database_url("postgresql://host/db?user=me&password=hush&sslmode=disable").value();
    EXPECT_EQ(parameter.redact("hush!"), "***!");
    EXPECT_EQ(parse_database_url("postgresql://host/db")->redact("unchanged"), "unchanged");
}

} // namespace appointd::persistence
