#pragma once

#include "net/http_client.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace appointd::net {

struct CurlDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, CurlDeleter>;

/// What every call of ours tells curl: no signals, no proxy of the environment on the way to this machine itself, and no waiting
/// for a resolver that hangs (a call whose time is over would hold its thread until the resolver gives up; its thread is left to
/// end by itself).
void set_common_options(CURL* easy, const std::string& url);

/// One call: the easy handle set up for a request, and what has come back so far. Stays where it is: curl keeps pointers into it.
class CurlCall {
public:
    /// `easy` is fresh or reset.
    CurlCall(EasyHandle easy, ClientRequest request, const ClientLimits& limits);
    CurlCall(const CurlCall&) = delete;
    CurlCall& operator=(const CurlCall&) = delete;

    CURL* easy() const { return easy_.get(); }
    EasyHandle take_easy() { return std::move(easy_); }

    /// What curl's verdict comes to. Call it once, before the handle is reset.
    ClientResponse conclude(CURLcode verdict);
    /// For a call that is given up by us.
    ClientResponse give_up(std::string why);

private:
    static int on_about_to_send(void* call, char*, char*, int, int);
    static std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* call);
    static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* call);
    void set_method();
    void set_headers();
    ClientResponse::Failure failure() const;

    EasyHandle easy_;
    const ClientRequest request_;
    const std::size_t max_body_;
    std::unique_ptr<curl_slist, CurlDeleter> header_list_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t header_bytes_ = 0;
    bool header_whole_ = false;
    bool too_long_ = false;
    ClientResponse response_;
};

} // namespace appointd::net
