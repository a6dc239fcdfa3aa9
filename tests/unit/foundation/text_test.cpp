#include "foundation/text.hpp"

#include <gtest/gtest.h>

namespace appointd {
namespace {

TEST(Text, IsUtf8WithoutAZeroByte) {
    for (const std::string_view good : {"", "Zo\u00eb \"Z\" \\", "\xf0\x9f\x98\x80", "\t\n"}) EXPECT_TRUE(is_text(good)) << good;
    EXPECT_FALSE(is_text(std::string_view("a\0b", 3)));
    for (const std::string_view bad : {"\xff\xfe", "\xc3", "\xed\xa0\x80", "\xc0\xaf"}) EXPECT_FALSE(is_text(bad)) << bad;
}

} // namespace
} // namespace appointd
