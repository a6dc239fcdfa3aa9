#pragma once

#include "net/http_message.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>

namespace appointd::net {

/// Beast's HTTP/1 grammar, filling a net::Request without a detour over Beast's own containers. For one request.
class RequestParser : public boost::beast::http::basic_parser<true> {
public:
    /// More header than `max_header` bytes: header_limit; more body than `max_body`: body_limit, as soon as it is known.
    RequestParser(std::size_t max_header, std::size_t max_body);

    /// What has been read of the request so far; whole once is_done().
    Request& request() { return request_; }
    bool expects_continue() const { return expects_continue_; }
    bool is_http_1_0() const { return version_ == 10; }
    /// After the header: 0, or the status that its fields earn (a target, transfer coding or expectation we do not serve).
    int objection() const;

private:
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;
    using string_view = boost::beast::string_view;
    using error_code = boost::system::error_code;

    void on_request_impl(verb, string_view method, string_view target, int version, error_code& error) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field name, string_view name_text, string_view value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
    std::size_t on_body_impl(string_view body, error_code& error) override;
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& error) override;
    void on_finish_impl(error_code&) override {}

    bool spend_header(std::size_t bytes, error_code& error);

    Request request_;
    std::size_t header_left_;
    int version_ = 11;
    bool header_done_ = false;
    bool expects_continue_ = false;
    bool strange_expectation_ = false;
    bool strange_coding_ = false;
};

} // namespace appointd::net
