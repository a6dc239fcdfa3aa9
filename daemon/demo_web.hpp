#pragma once

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"
#include "net/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace appointd::demo {

/// A step that did not come right, with the reason for the report.
struct Stuck : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// HTTP as a browser or a script outside the daemon sees it. One thread: the executor's.
class Web {
public:
    explicit Web(boost::asio::any_io_executor executor);

    boost::asio::awaitable<net::ClientResponse> get(std::string url);
    boost::asio::awaitable<net::ClientResponse> post_form(std::string url, Fields form);
    boost::asio::awaitable<net::ClientResponse> post_json(std::string url, json::object body, net::Headers headers = {});
    boost::asio::awaitable<net::ClientResponse> send(net::ClientRequest request);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

private:
    boost::asio::any_io_executor executor_;
    std::unique_ptr<net::HttpClient> client_;
};

/// The `data` of our envelope; nullopt for any other status or shape.
std::optional<json::object> data_of(const net::ClientResponse& response);
/// "404 {…}" or "not answered: …", cut to a line.
std::string words_for(const net::ClientResponse& response);

} // namespace appointd::demo
