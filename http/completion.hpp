#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace appointd::http {

/// A value that a callback brings and a coroutine waits for. Both on the executor; hold it by shared_ptr, the waiter may have
/// left.
template <class T> class Completion {
public:
    explicit Completion(boost::asio::any_io_executor executor) : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

    void set(T value) {
        value_ = std::move(value);
        timer_.cancel();
    }

    /// nullopt: it did not come in time.
    boost::asio::awaitable<std::optional<T>> wait(std::chrono::milliseconds limit) {
        if (!value_) {
            boost::system::error_code ignored;
            timer_.expires_after(limit);
            co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        co_return std::move(value_);
    }

private:
    boost::asio::steady_timer timer_;
    std::optional<T> value_;
};

} // namespace appointd::http
