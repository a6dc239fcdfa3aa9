#include "net/request_parser.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace appointd::net {
namespace http = boost::beast::http;
namespace {

constexpr std::size_t first_reserve = 64 * 1024; // a Content-Length is only a claim: memory follows the bytes

/// The origin-form of a target; an absolute one (as sent to proxies) loses scheme and authority. Empty: no path.
std::string_view origin_form(std::string_view target) {
    if (target.starts_with('/') || target == "*") return target;
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto path = target.find('/', scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

} // namespace

RequestParser::RequestParser(std::size_t max_header, std::size_t max_body) : header_left_(max_header) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(max_header));
    body_limit(max_body);
}

int RequestParser::objection() const {
    if (request_.path.empty()) return 400;
    if (strange_coding_) return 501; // also shuts the door that "gzip, chunked" opens to smuggling
    if (strange_expectation_) return 417;
    return 0;
}

/// Beast compares the limit with what is in the buffer; a header that comes in small pieces is counted here.
bool RequestParser::spend_header(std::size_t bytes, error_code& error) {
    if (bytes > header_left_) {
        error = http::error::header_limit;
        return false;
    }
    header_left_ -= bytes;
    return true;
}

void RequestParser::on_request_impl(verb, string_view method, string_view target, int version, error_code& error) {
    version_ = version;
    if (!spend_header(method.size() + target.size() + 12, error)) return;
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
    const auto origin = origin_form(request_.target);
    const auto question = origin.find('?');
    request_.path = origin.substr(0, question);
    if (question != std::string_view::npos) request_.query = origin.substr(question + 1);
    request_.headers.reserve(16);
}

void RequestParser::on_field_impl(field name, string_view name_text, string_view value, error_code& error) {
    if (!spend_header(name_text.size() + value.size() + 4, error) || header_done_) return; // trailers are read and dropped
    if (name == field::expect) {
        expects_continue_ = boost::beast::iequals(value, "100-continue");
        strange_expectation_ = !expects_continue_;
    } else if (name == field::transfer_encoding && !boost::beast::iequals(value, "chunked")) {
        strange_coding_ = true;
    }
    request_.headers.emplace_back(std::string(name_text.data(), name_text.size()), std::string(value.data(), value.size()));
}

void RequestParser::on_header_impl(error_code&) { header_done_ = true; }

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
    if (length) request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, first_reserve)));
}

std::size_t RequestParser::on_body_impl(string_view body, error_code&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

} // namespace appointd::net
