#include "daemon/admin_client.hpp"

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace appointd::daemon {

namespace {

/// The listener's own address, where a wildcard stands for this machine.
std::string admin_url(const std::string& listen) {
    const auto colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    return "http://" + host + listen.substr(colon);
}

/// The faults of a request, field by field, where the answer lists them.
std::string faults_text(const json::object* error) {
    const json::array* faults = error != nullptr ? array_field(*error, "details") : nullptr;
    std::string text;
    if (faults == nullptr) return text;
    for (const json::value& fault : *faults) {
        if (!fault.is_object()) continue;
        text += "\n  " + text_field(fault.get_object(), "field").value_or("") + " " +
                text_field(fault.get_object(), "message").value_or("");
    }
    return text;
}

/// What an answer that is no success says.
std::string failure_text(const net::ClientResponse& response, const std::string& url) {
    if (response.failure != net::ClientResponse::Failure::none) {
        return "cannot reach the admin API at " + url + ": " + response.error + " (is the daemon running? --admin names another)";
    }
    const auto body = parse_object(response.body);
    const json::object* error = body ? object_field(*body, "error") : nullptr;
    const std::string code = error != nullptr ? text_field(*error, "code").value_or("") : "";
    const std::string message = error != nullptr ? text_field(*error, "message").value_or("") : "";
    if (response.status == 401) return "the admin API wants a token: set APPOINTD_ADMIN_TOKEN or give --token";
    return "answered " + std::to_string(response.status) + (code.empty() ? "" : " " + code) +
           (message.empty() ? "" : ": " + message) + faults_text(error);
}

} // namespace

net::ClientRequest admin_get(std::string path) {
    net::ClientRequest request;
    request.url = std::move(path);
    return request;
}

net::ClientRequest admin_post(std::string path, const json::object& body) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = std::move(path);
    request.body = json::serialize(body);
    request.headers.emplace_back("Content-Type", "application/json");
    return request;
}

void add_query(std::string& path, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    path.append(path.find('?') == std::string::npos ? "?" : "&").append(name).append("=").append(percent_encode(value));
}

Result<AdminClient> AdminClient::open(const AdminPlace& place, const Environment& environment) {
    if (place.admin && place.token) return AdminClient(*place.admin, place.token->reveal());
    const auto configuration = load_configuration(place.config, environment);
    if (!configuration) return configuration.error();
    return AdminClient(place.admin ? *place.admin : admin_url(configuration->http.admin_listen),
                       place.token ? place.token->reveal() : configuration->http.admin_token.reveal());
}

net::ClientResponse AdminClient::call(net::ClientRequest request) const {
    request.url.insert(0, url_);
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
    boost::asio::io_context context(1);
    net::ClientResponse response;
    response.failure = net::ClientResponse::Failure::unknown;
    {
        const auto client = net::HttpClient::make(context.get_executor(), net::ClientLimits{});
        auto done = [&](std::exception_ptr failure, net::ClientResponse answer) {
            if (!failure) response = std::move(answer);
            // The client keeps idle connections under watch: without this the context would never run dry.
            context.stop();
        };
        boost::asio::co_spawn(context, client->send(std::move(request)), std::move(done));
        context.run();
    }
    return response;
}

std::optional<json::object> AdminClient::data_of(const net::ClientResponse& response, std::ostream& err) const {
    const bool answered = response.failure == net::ClientResponse::Failure::none;
    if (!answered || response.status < 200 || response.status > 299) {
        err << "appointd: " << failure_text(response, url_) << "\n";
        return std::nullopt;
    }
    const auto body = parse_object(response.body);
    const json::object* data = body ? object_field(*body, "data") : nullptr;
    if (data) return *data;
    err << "appointd: " << url_ << " answered something that is not the admin API's\n";
    return std::nullopt;
}

} // namespace appointd::daemon
