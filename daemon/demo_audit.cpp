#include "daemon/demo_audit.hpp"

#include "daemon/report_text.hpp"

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

asio::awaitable<json::object> ask(Web& web, std::string url) {
    const net::ClientResponse response = co_await web.get(url);
    const auto data = data_of(response);
    if (!data) throw Stuck(url + " answered " + words_for(response));
    co_return *data;
}

} // namespace

asio::awaitable<Replays> replay_all(Web& web, const Places& places, const AllBooks& books) {
    Replays replays;
    for (const auto& [id, book] : books) {
        std::string url = places.admin_url + "/admin/v1/workflows/" + id + "/replay";
        const json::object answer = co_await ask(web, std::move(url));
        ++replays.total;
        if (bool_field(answer, "same").value_or(false))
            ++replays.same;
        else
            replays.problems.push_back("booking " + id + " (" + book.state + ") is not what its history gives");
    }
    co_return replays;
}

asio::awaitable<MoneyMoved> read_money_moved(Web& web, const Places& places, Time from, Time to) {
    const std::string url = places.admin_url + "/admin/v1/reports/money?from=" + to_iso(from) + "&to=" + to_iso(to);
    daemon::MoneyPages pages;
    for (std::string cursor;;) {
        std::string asked = url;
        if (!cursor.empty()) asked += "&cursor=" + cursor;
        const json::object page = co_await ask(web, std::move(asked));
        pages.add(page);
        cursor = text_field(page, "next_cursor").value_or("");
        if (cursor.empty()) break;
    }
    const json::object report = pages.report();
    MoneyMoved moved;
    moved.adds_up = bool_field(report, "adds_up").value_or(false);
    if (const json::array* totals = array_field(report, "totals"))
        for (const json::value& value : *totals) {
            const json::object& total = value.as_object();
            moved.by_currency[text_field(total, "currency").value_or("")] = {
                int_or_zero(total, "captured"), int_or_zero(total, "refunded"), int_or_zero(total, "kept"),
                int_or_zero(total, "lost")};
        }
    co_return moved;
}

std::vector<std::string> compare_report(const MoneyMoved& report, const std::map<std::string, Sums>& sums) {
    std::vector<std::string> problems;
    if (!report.adds_up) problems.emplace_back("the money report does not add up");
    std::map<std::string, Moved> left = report.by_currency;
    for (const auto& [currency, sum] : sums) {
        const Moved moved = left[currency];
        left.erase(currency);
        const auto equal = [&](std::string_view what, std::int64_t said, std::int64_t is) {
            if (said != is)
                problems.push_back("the money report says " + std::string(what) + " " + std::to_string(said) + " " + currency +
                                   ", the ledger " + std::to_string(is));
        };
        equal("captured", moved.captured, sum.provider_captured);
        equal("refunded", moved.refunded, sum.provider_refunded);
        equal("kept", moved.kept, sum.kept);
    }
    for (const auto& [currency, moved] : left)
        if (moved.captured != 0) problems.push_back("the money report knows " + currency + ", the ledger does not");
    return problems;
}

} // namespace appointd::demo
