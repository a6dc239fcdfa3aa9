#include "adapters/calendly/client.hpp"
#include "adapters/fields.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::calendly {

/// A repeated cancellation is answered "already canceled": that, and a slot in the past, are facts and no failures.
asio::awaitable<engine::AttemptResult> Client::cancel_slot(const engine::Attempt& attempt, const json::object& request,
                                                           Exchange& exchange) {
    const auto path = path_of(text_field(request, "event").value_or(""), config_.base);
    if (!path) co_return failed("bad_request", "the stored request lacks the event's URI");
    const json::object body{{"reason", text_field(request, "reason").value_or("")}};
    auto call = api_request(config_, "POST", *path + "/cancellation", json::serialize(body));
    const auto answer = co_await exchange.send(std::move(call));

    json::object result;
    if (answer.ok()) {
        result["done"] = "canceled";
        co_return succeeded(result);
    }
    if (answer.arrived() && answer.response.status >= 400 && answer.response.status < 500) {
        const auto words = lower(complaint_of(answer).message);
        if (words.find("already cancel") != words.npos)
            result["done"] = "already";
        else if (words.find("in the past") != words.npos)
            result["done"] = "past";
        if (!result.empty()) co_return succeeded(result);
    }
    co_return refusal(attempt, exchange, answer);
}

} // namespace appointd::adapters::calendly
