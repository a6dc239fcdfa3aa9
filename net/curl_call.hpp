#pragma once

#include "net/curl_multi.hpp"
#include "net/http_client.hpp"

#include <array>
#include <memory>
#include <string>

namespace appointd::net {

/// One HTTP call: the easy handle set up for a request, and what has come back so far.
class CurlCall final : public CurlTransfer {
public:
    CurlCall(EasyHandle fresh, ClientRequest request, const ClientLimits& limits);

    void conclude(CURLcode verdict) override;
    void give_up(std::string why) override;
    ClientResponse response() && { return std::move(response_); }

private:
    static int on_about_to_send(void* call, char*, char*, int, int);
    static std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* call);
    static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* call);
    void set_method();
    void set_headers();
    ClientResponse::Failure failure() const;

    const ClientRequest request_;
    const std::size_t max_body_;
    CurlList header_list_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t header_bytes_ = 0;
    bool header_whole_ = false;
    bool too_long_ = false;
    ClientResponse response_;
};

} // namespace appointd::net
