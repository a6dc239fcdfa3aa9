#include "adapters/outcome.hpp"

#include "adapters/redaction.hpp"
#include "adapters/retry_after.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters {
namespace {

using Kind = engine::AttemptResult::Kind;
using Failure = net::ClientResponse::Failure;

constexpr std::chrono::seconds default_pause{1};
constexpr std::size_t longest_code = 60, longest_reference = 80;

engine::AttemptResult result(Kind kind, std::string code, std::string_view message) {
    engine::AttemptResult result;
    result.kind = kind;
    result.code = std::move(code);
    result.message = for_people(message);
    return result;
}

engine::AttemptResult unanswered(const Exchange& exchange, const net::ClientResponse& response, std::string_view provider) {
    const std::string name(provider);
    if (response.failure == Failure::unknown) {
        auto unknown = retry(name + "_no_answer", response.error);
        unknown.provider_ok = false;
        return unknown;
    }
    if (response.error ==
        Exchange::too_late) // an attempt that used its time up counts: otherwise a slow provider would be asked for ever
        return exchange.sent() ? retry("deadline_passed", response.error) : wait("deadline_passed", response.error, Duration(0));
    auto unreachable = wait(name + "_unreachable", response.error, Duration(0));
    unreachable.provider_ok = false;
    return unreachable;
}

bool may_work_later(int status) {
    return status == 408 || status == 409 || status == 424 || status == 425 || status >= 500 || status < 400;
}

/// What to look at where a person must, the provider's words, and what its support wants to be told.
std::string told(int status, const Complaint& complaint) {
    std::string text;
    if (status == 401) text.append("check ").append(complaint.credentials).append(": ");
    text += for_people(complaint.message);
    std::string reference;
    for (const char c : complaint.reference.substr(0, longest_reference))
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-') reference += c;
    return reference.empty() ? text : text + " (" + reference + ")";
}

engine::AttemptResult weighed(const World& world, const engine::Attempt& attempt, const Answer& answer, std::string code) {
    const int status = answer.response.status;
    const auto header = answer.header("Retry-After");
    const auto asked = header ? parse_retry_after(*header, world.clock.now()) : std::nullopt;
    if (status == 429) {
        const auto pause = asked.value_or(default_pause) + jitter(world.random, std::chrono::seconds(1));
        auto throttled = wait(std::move(code), "", pause);
        throttled.throttled = true;
        return throttled;
    }
    if (!may_work_later(status)) return failed(std::move(code), "");
    const bool counted_before = attempt.repeated;
    auto later = asked && counted_before ? wait(std::move(code), "", *asked) : retry(std::move(code), "");
    later.retry_after = asked;
    later.provider_ok = status != 408 && status < 500;
    return later;
}

} // namespace

engine::AttemptResult succeeded(json::object facts) {
    auto success = result(Kind::succeeded, "", "");
    success.result = json::serialize(facts);
    return success;
}

engine::AttemptResult failed(std::string code, std::string_view message) {
    return result(Kind::failed, std::move(code), message);
}

engine::AttemptResult retry(std::string code, std::string_view message) { return result(Kind::retry, std::move(code), message); }

engine::AttemptResult wait(std::string code, std::string_view message, Duration at_least) {
    auto waiting = result(Kind::wait, std::move(code), message);
    if (at_least > Duration(0)) waiting.retry_after = at_least;
    return waiting;
}

std::string code_of(int status, const Complaint& complaint) {
    std::string code = std::string(complaint.provider) + "_" + std::to_string(status);
    std::string own;
    for (const char c : complaint.code.substr(0, longest_code))
        own += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    return own.empty() ? code : code + "_" + own;
}

engine::AttemptResult refused(const World& world, const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer,
                              const Complaint& complaint) {
    if (!answer.arrived()) return unanswered(exchange, answer.response, complaint.provider);
    auto result = weighed(world, attempt, answer, code_of(answer.response.status, complaint));
    result.message = told(answer.response.status, complaint);
    return result;
}

engine::AttemptResult left_to_the_next_turn(engine::AttemptResult result) {
    const bool waits = result.kind == Kind::wait && result.throttled;
    if (result.kind != Kind::succeeded && !waits) result.kind = Kind::failed;
    result.provider_ok = true;
    return result;
}

engine::AttemptResult bad_answer(std::string_view provider, std::string_view lacks) {
    return retry(std::string(provider) + "_bad_answer", std::string("the answer lacks ").append(lacks));
}

} // namespace appointd::adapters
