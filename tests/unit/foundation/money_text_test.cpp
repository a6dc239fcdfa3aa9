#include "foundation/money_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace appointd {
namespace {

TEST(MoneyText, AnyCurrencyThenTheDigitsOfThatCurrency) {
    EXPECT_EQ(money_text(12000, "eur"), "120.00 EUR");
    EXPECT_EQ(money_text(5, "usd"), "0.05 USD");
    EXPECT_EQ(money_text(1200, "jpy"), "1200 JPY");
    EXPECT_EQ(money_text(1234, "kwd"), "1.234 KWD");
    EXPECT_EQ(money_text(-150, "usd"), "-1.50 USD");
    EXPECT_EQ(money_text(0, ""), "0.00");
}

TEST(MoneyText, ForATableThenTheNumberAlone) {
    EXPECT_EQ(decimal_text(-5, "usd"), "-0.05");
    EXPECT_EQ(decimal_text(-5, "JPY"), "-5");
    EXPECT_EQ(decimal_text(std::numeric_limits<std::int64_t>::min(), "usd"), "-92233720368547758.08");
}

} // namespace
} // namespace appointd
