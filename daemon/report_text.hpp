#pragma once

#include "foundation/json.hpp"

#include <map>
#include <string>

namespace appointd::daemon {

/// Puts the pages of GET /admin/v1/reports/money (docs/http-api.md) together: rows of one day, session type and currency are one.
class MoneyPages {
public:
    void add(const json::object& page);
    /// As one page that had it all.
    json::object report() const;

private:
    json::object head_;
    std::map<std::string, json::object> items_, totals_;
    json::array problems_;
    bool adds_up_ = true;
    std::int64_t bookings_ = 0;
};

/// One line a day, session type and currency, amounts as decimal numbers (RFC 4180).
std::string money_csv(const json::object& report);
/// For a person: the rows, the totals by currency, and what was open before and after.
std::string money_text_report(const json::object& report);

} // namespace appointd::daemon
