#include "adapters/fields.hpp"
#include "adapters/stripe/client.hpp"

#include <algorithm>

namespace appointd::adapters::stripe {
namespace {

std::optional<std::string> our_refund(const json::object& refund) {
    const auto* metadata = object_field(refund, "metadata");
    return metadata ? identifier(*metadata, "refund_id") : std::nullopt;
}

bool is_dead(const json::object& refund) {
    const auto status = lenient_text(refund, "status");
    return status == "failed" || status == "canceled";
}

json::array in_short(const std::vector<json::object>& refunds) {
    json::array list;
    for (const auto& refund : refunds)
        list.push_back(json::object{{"refund", nullable(identifier(refund, "id"))},
                                    {"our_refund", nullable(our_refund(refund))},
                                    {"amount", nullable(lenient_int(refund, "amount"))},
                                    {"status", nullable(lenient_text(refund, "status"))}});
    return list;
}

engine::AttemptResult made(const json::object& refund) {
    const auto id = identifier(refund, "id");
    if (!id) return bad_answer("stripe", "id");
    const json::object result{{"done", "made"},
                              {"refund", *id},
                              {"status", nullable(lenient_text(refund, "status"))},
                              {"amount", nullable(lenient_int(refund, "amount"))},
                              {"failure_reason", nullable(lenient_text(refund, "failure_reason"))}};
    return succeeded(result);
}

engine::AttemptResult not_made(std::string_view why, json::array refunds) {
    json::object result{{"done", why}, {"refund", nullptr}, {"status", nullptr}, {"amount", nullptr}};
    if (!refunds.empty() || why == "already_refunded") result["refunds"] = std::move(refunds);
    return succeeded(result);
}

/// The refund that bears our id, or null: one that stands before one that failed (a failed one is an outcome too, but not when
/// another was made).
const json::object* ours_among(const std::vector<json::object>& refunds, const std::string& our_id) {
    const json::object* found = nullptr;
    for (const auto& refund : refunds)
        if (our_refund(refund) == our_id && (!found || is_dead(*found))) found = &refund;
    return found;
}

} // namespace

/// Refusals of a refund tell facts: the money is back already, or a dispute holds it.
asio::awaitable<engine::AttemptResult> Client::refused_refund(const engine::Attempt& attempt, const json::object& request,
                                                              Answer answer, Exchange& exchange) {
    const auto complaint = complaint_of(answer);
    const bool client_error = answer.arrived() && answer.response.status >= 400 && answer.response.status < 500;
    const auto words = lower(complaint.message);
    if (client_error && (complaint.code == "charge_disputed" || words.find("charged back") != words.npos)) {
        co_return not_made("disputed", {});
    }
    const bool nothing_left = complaint.code == "charge_already_refunded" ||
                              words.find("greater than unrefunded amount") != words.npos ||
                              words.find("has already been refunded") != words.npos;
    if (!client_error || !nothing_left) co_return refusal(attempt, exchange, answer);
    const auto listing = co_await refunds_of(attempt, text_field(request, "payment").value_or(""), exchange);
    if (listing.trouble) co_return *listing.trouble;
    const auto* ours = ours_among(listing.objects, text_field(request, "refund").value_or(""));
    if (ours && !is_dead(*ours)) co_return made(*ours); // it was made by an attempt whose answer was lost
    co_return not_made("already_refunded", in_short(listing.objects));
}

asio::awaitable<engine::AttemptResult> Client::create_refund(const engine::Attempt& attempt, const json::object& request,
                                                             Exchange& exchange) {
    const auto form = form_of(request);
    const auto payment = text_field(request, "payment"), our_id = text_field(request, "refund");
    if (!form || !payment || !our_id) co_return failed("bad_request", "the stored request lacks form, payment or refund");
    if (!is_old(attempt)) {
        auto answer = co_await post(exchange, attempt, "/v1/refunds", form_encode(*form));
        if (answer.ok()) co_return made(answer.object());
        if (!is_spent(attempt, answer)) {
            auto result = co_await refused_refund(attempt, request, std::move(answer), exchange);
            co_return result;
        }
    }
    const auto listing = co_await refunds_of(attempt, *payment, exchange);
    if (listing.trouble) co_return *listing.trouble;
    if (const auto* ours = ours_among(listing.objects, *our_id)) co_return made(*ours);
    co_return absent(listing);
}

asio::awaitable<engine::AttemptResult> Client::list_refunds(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange) {
    const auto payment = text_field(request, "payment");
    if (!payment) co_return failed("bad_request", "the stored request lacks its payment");
    const auto listing = co_await refunds_of(attempt, *payment, exchange);
    if (listing.trouble) co_return *listing.trouble;
    json::object result{{"refunds", in_short(listing.objects)}};
    co_return succeeded(std::move(result));
}

} // namespace appointd::adapters::stripe
