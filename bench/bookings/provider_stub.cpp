#include "bench/bookings/provider_stub.hpp"

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"

#include <stdexcept>

namespace appointd::bench {

namespace {

net::Response json_answer(int status, std::string body) {
    net::Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

} // namespace

ProviderStub::ProviderStub(boost::asio::io_context& context, Told told) : told_(std::move(told)) {
    const net::Handler handler = [this](net::Request request) -> boost::asio::awaitable<net::Response> {
        co_return answer(request);
    };
    auto server = net::HttpServer::listen(context.get_executor(), "127.0.0.1:0", {}, handler, Log());
    if (!server) throw std::runtime_error(server.error().message);
    server_ = std::move(*server);
    server_->start();
}

net::Response ProviderStub::answer(const net::Request& request) {
    if (request.path == "/v1/checkout/sessions") {
        const auto booking = find_field(form_decode(request.body).value_or(Fields{}), "client_reference_id").value_or("");
        told_.checkout(booking);
        return json_answer(
            200,
            R"({"id":"cs_test_)" + booking +
                R"(","object":"checkout.session","status":"open","payment_status":"unpaid","url":"https://checkout.stripe.com/c/pay/)" +
                booking + R"(","payment_intent":null,"livemode":false,"amount_total":12000,"currency":"usd"})");
    }
    if (request.path == "/oauth/token")
        return json_answer(200, R"({"access_token":"t","token_type":"bearer","expires_in":3600,"scope":"meeting:write:admin"})");
    if (request.path.starts_with("/v2/users/") && request.method == "POST") {
        const auto body = parse_object(request.body);
        const std::string agenda = body ? text_field(*body, "agenda").value_or("") : "";
        const auto mark = agenda.find("ref:");
        const std::string booking = mark == std::string::npos ? "" : agenda.substr(mark + 4, 36);
        const std::string id = std::to_string(++meetings_);
        told_.meeting(booking, id);
        return json_answer(201, R"({"id":)" + id + R"(,"uuid":"u)" + id + R"(==","start_time":")" +
                                    (body ? text_field(*body, "start_time").value_or("") : "") +
                                    R"(","join_url":"https://zoom.us/j/)" + id + R"(","agenda":"ref:)" + booking + R"("})");
    }
    return json_answer(404, R"({"error":{"type":"invalid_request_error","message":"the bench has no such route"}})");
}

} // namespace appointd::bench
