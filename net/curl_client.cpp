#include "net/curl_call.hpp"
#include "net/http_client.hpp"

namespace appointd::net {
namespace asio = boost::asio;

namespace {

class CurlClient final : public HttpClient {
public:
    CurlClient(asio::any_io_executor executor, ClientLimits limits)
        : limits_(limits), multi_(std::make_shared<CurlMulti>(executor, limits.connections_per_host)) {}
    ~CurlClient() override { multi_->close(); }

    asio::awaitable<ClientResponse> send(ClientRequest request) override {
        return run(multi_, std::make_shared<CurlCall>(multi_->fresh_easy(), std::move(request), limits_));
    }

private:
    /// Knows nothing of the client, which may be destroyed meanwhile.
    static asio::awaitable<ClientResponse> run(std::shared_ptr<CurlMulti> multi, std::shared_ptr<CurlCall> call) {
        co_await multi->run(call);
        co_return std::move(*call).response();
    }

    ClientLimits limits_;
    std::shared_ptr<CurlMulti> multi_;
};

} // namespace

std::unique_ptr<HttpClient> HttpClient::make(asio::any_io_executor executor, ClientLimits limits) {
    return std::make_unique<CurlClient>(executor, limits);
}

} // namespace appointd::net
