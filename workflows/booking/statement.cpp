#include "workflows/booking/statement.hpp"

#include "workflows/booking/data.hpp"
#include "workflows/booking/money.hpp"

#include <map>

namespace appointd::booking {

namespace {

void add_kept(Statement& sums, const Data& data, const Payment& payment) {
    for (const Kept& row : data.money.kept) {
        if (row.payment != payment.id) continue;
        switch (row.cause) {
        case KeptCause::session: sums.kept_session += row.amount; break;
        case KeptCause::policy: sums.kept_policy += row.amount; break;
        case KeptCause::by_operator: sums.kept_operator += row.amount; break;
        }
    }
}

} // namespace

std::vector<Statement> statements_of(std::string_view text) {
    const Data data = read(text);
    std::map<std::string, Statement> by_currency;
    for (const Payment& payment : data.money.payments) {
        if (payment.captured == 0 && payment.overpaid == 0) continue;
        Statement& sums = by_currency[payment.currency];
        sums.captured += payment.captured;
        sums.overpaid += payment.overpaid;
        sums.refunded += money::done(data, payment.id);
        sums.refunding += money::underway(data, payment.id);
        sums.lost += money::lost(data, payment.id);
        sums.waiting += payment.waiting;
        add_kept(sums, data, payment);
    }
    std::vector<Statement> all;
    for (auto& [currency, sums] : by_currency) {
        sums.currency = currency;
        sums.session_type = data.terms.session_type;
        all.push_back(std::move(sums));
    }
    return all;
}

} // namespace appointd::booking
