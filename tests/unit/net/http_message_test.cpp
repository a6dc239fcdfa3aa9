#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace appointd::net {
namespace {

TEST(Headers, NamesCompareWithoutCaseAndTheFirstWins) {
    const Headers headers{{"Content-Type", "text/html"}, {"X-A", "1"}, {"x-a", "2"}};
    EXPECT_EQ(find_header(headers, "content-type"), "text/html");
    EXPECT_EQ(find_header(headers, "X-a"), "1");
    EXPECT_EQ(find_header(headers, "X-"), std::nullopt);
}

} // namespace
} // namespace appointd::net
