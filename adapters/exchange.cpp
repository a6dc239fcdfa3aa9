#include "adapters/exchange.hpp"

namespace appointd::adapters {

Duration jitter(engine::Random& random, Duration limit) {
    return Duration(static_cast<std::int64_t>(random.bits() % (static_cast<std::uint64_t>(limit.count()) + 1)));
}

const json::object& Answer::object() const {
    static const json::object nothing;
    return body ? *body : nothing;
}

std::chrono::milliseconds Exchange::time_left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - clock_.monotonic());
}

asio::awaitable<Answer> Exchange::send(net::ClientRequest request) {
    using Failure = net::ClientResponse::Failure;
    Answer answer;
    const auto left = time_left();
    if (left.count() <= 0) {
        answer.response.failure = Failure::not_sent;
        answer.response.error = too_late;
        co_return answer;
    }
    request.timeout = left;
    answer.response = co_await http_.send(std::move(request));
    if (answer.response.failure != Failure::not_sent) sent_ = true;
    if (answer.arrived()) answer.body = parse_object(answer.response.body);
    co_return answer;
}

std::string join_url(std::string_view base, std::string_view path) {
    while (base.ends_with('/')) base.remove_suffix(1);
    return std::string(base).append(path);
}

} // namespace appointd::adapters
