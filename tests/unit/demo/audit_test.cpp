#include "daemon/demo_audit.hpp"

#include <gmock/gmock.h>

namespace appointd::demo {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct MoneyReport : testing::Test {
    MoneyMoved report{{{"usd", {12000, 5000, 7000, 0}}, {"eur", {900, 900, 0, 0}}}, true};
    std::map<std::string, Sums> sums{{"usd", {12000, 5000, 7000, 12000, 5000}}, {"eur", {900, 900, 0, 900, 900}}};
};

TEST_F(MoneyReport, ThatSaysWhatTheLedgerSaysHasNoProblems) { EXPECT_THAT(compare_report(report, sums), IsEmpty()); }

TEST_F(MoneyReport, ThatMissesARefundIsNamed) {
    report.by_currency["usd"].refunded = 4000;
    EXPECT_THAT(compare_report(report, sums), ElementsAre("the money report says refunded 4000 usd, the ledger 5000"));
}

TEST_F(MoneyReport, ThatKnowsAnotherCurrencyOrLacksOneIsNamed) {
    report.by_currency["chf"].captured = 5;
    report.by_currency.erase("eur");
    const auto problems = compare_report(report, sums);
    EXPECT_THAT(problems, Contains("the money report knows chf, the ledger does not"));
    EXPECT_THAT(problems, Contains(HasSubstr("captured 0 eur, the ledger 900")));
}

TEST_F(MoneyReport, ThatDoesNotAddUpIsAProblemByItself) {
    report.adds_up = false;
    EXPECT_THAT(compare_report(report, sums), ElementsAre("the money report does not add up"));
}

} // namespace
} // namespace appointd::demo
