#include "daemon/demo_books.hpp"

#include <cstdlib>
#include <sstream>

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

asio::awaitable<json::object> must_answer(Web& web, std::string url) {
    const net::ClientResponse response = co_await web.get(url);
    const auto data = data_of(response);
    if (!data) throw Stuck(url + " answered " + words_for(response));
    co_return *data;
}

} // namespace

Books books_of(const json::object& detail) {
    Books books;
    books.id = text_or_empty(detail, "id");
    books.state = text_or_empty(detail, "state");
    const json::object& data = object_or_empty(detail, "data");
    const json::object& money = object_or_empty(data, "money");
    books.currency = text_or_empty(money, "currency");
    books.captured = int_or_zero(money, "captured");
    books.refunded = int_or_zero(money, "refunded");
    books.refunding = int_or_zero(money, "refunding");
    books.kept = int_or_zero(money, "kept");
    books.lost = int_or_zero(money, "lost");
    books.meeting = text_or_empty(object_or_empty(data, "meeting"), "id");
    const json::object& slot = object_or_empty(data, "slot");
    books.invitee = last_segment(text_or_empty(slot, "invitee"));
    books.start = time_field(slot, "start");
    each_object(data, "attention", [&](const json::object& flag) { books.attention.push_back(text_or_empty(flag, "reason")); });
    each_object(detail, "activities", [&](const json::object& call) {
        const std::string state = text_or_empty(call, "state");
        if (state == "open") ++books.open_calls;
        const bool look = text_or_empty(call, "kind").ends_with(".look"); // one that fails is left to the next
        if (!look && (state == "failed" || state == "exhausted"))
            books.troubles.push_back(text_or_empty(call, "kind") + ": " + text_or_empty(call, "last_error"));
    });
    return books;
}

asio::awaitable<AllBooks> read_books(Web& web, const Places& places, std::string tag) {
    const std::string list = places.admin_url + "/admin/v1/workflows";
    std::vector<std::string> ids;
    std::string cursor;
    do {
        std::string url = list + "?limit=100&q=" + percent_encode(tag);
        if (!cursor.empty()) url += "&cursor=" + percent_encode(cursor);
        const json::object page = co_await must_answer(web, std::move(url));
        each_object(page, "items", [&](const json::object& item) { ids.push_back(text_or_empty(item, "id")); });
        cursor = text_or_empty(page, "next_cursor");
    } while (!cursor.empty());
    AllBooks all;
    for (const std::string& id : ids) {
        const json::object detail = co_await must_answer(web, list + "/" + id);
        all[id] = books_of(detail);
    }
    co_return all;
}

asio::awaitable<std::size_t> count_dead_letters(Web& web, const Places& places) {
    const json::object page = co_await must_answer(web, places.admin_url + "/admin/v1/dead-letters?limit=100");
    const json::array* items = array_field(page, "items");
    co_return items ? items->size() : 0;
}

asio::awaitable<std::map<std::string, std::size_t>> count_webhooks(Web& web, const Places& places) {
    static constexpr std::string_view family = "appointd_webhooks_total{", label = "disposition=\"";
    const net::ClientResponse response = co_await web.get(places.admin_url + "/metrics");
    std::map<std::string, std::size_t> counts;
    std::istringstream lines(response.body);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find(label);
        if (!line.starts_with(family) || at == std::string::npos) continue;
        const std::size_t begin = at + label.size();
        const auto number = static_cast<std::size_t>(std::atof(line.c_str() + line.rfind(' ')));
        if (number > 0) counts[line.substr(begin, line.find('"', begin) - begin)] += number;
    }
    co_return counts;
}

} // namespace appointd::demo
