#include "http/reply.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::http {
namespace {

constexpr std::string_view retry_after_seconds = "5";

net::Response json_response(std::string body, int status) {
    net::Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

} // namespace

net::Response reply(json::value data, int status) { return reply_text(json::serialize(data), status); }

net::Response reply_text(std::string_view text, int status) {
    std::string body;
    body.reserve(text.size() + 32);
    body += R"({"data":)";
    body += text;
    body += R"(,"error":null})";
    return json_response(std::move(body), status);
}

net::Response problem(int status, std::string_view code, std::string_view message, json::value details) {
    json::object error;
    error["code"] = json::string(code.data(), code.size());
    error["message"] = json::string(message.data(), message.size());
    error["details"] = std::move(details);
    return json_response(R"({"data":null,"error":)" + json::serialize(error) + "}", status);
}

net::Response try_again(std::string_view code, std::string_view message) {
    net::Response response = problem(503, code, message);
    response.headers.emplace_back("Retry-After", retry_after_seconds);
    return response;
}

net::Response unreadable() { return try_again("unavailable", "The database cannot be read now; try again."); }

void add_fault(json::array& faults, std::string_view field, std::string_view message) {
    json::object fault;
    fault["field"] = json::string(field.data(), field.size());
    fault["message"] = json::string(message.data(), message.size());
    faults.push_back(std::move(fault));
}

net::Response invalid(json::array faults) {
    return problem(400, "invalid_request", "The request does not fit; details names each fault.", std::move(faults));
}

net::Response invalid(std::string_view field, std::string_view message) {
    json::array faults;
    add_fault(faults, field, message);
    return invalid(std::move(faults));
}

net::Response html(std::string body, int status) {
    net::Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    response.headers.emplace_back("Cache-Control", "no-store");
    // The page's address holds the key: it must not travel on as a referrer. No script, no frame, nothing from elsewhere.
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("X-Robots-Tag", "noindex");
    response.body = std::move(body);
    return response;
}

net::Response redirect(std::string_view location) {
    net::Response response;
    response.status = 303;
    response.headers.emplace_back("Location", std::string(location));
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

} // namespace appointd::http
