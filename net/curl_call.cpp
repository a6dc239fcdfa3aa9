#include "net/curl_call.hpp"

#include "net/loopback.hpp"

#include <string_view>

namespace appointd::net {
namespace {

constexpr std::size_t max_header_bytes = 64 * 1024;

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

} // namespace

void set_common_options(CURL* easy, const std::string& url) {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    if (is_loopback_url(url)) curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

CurlCall::CurlCall(EasyHandle easy, ClientRequest request, const ClientLimits& limits)
    : easy_(std::move(easy)), request_(std::move(request)), max_body_(limits.max_body) {
    CURL* handle = easy_.get();
    set_common_options(handle, request_.url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(request_.timeout.count(), 1)));
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_text_.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &CurlCall::on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &CurlCall::on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    set_method();
    set_headers();
    if (request_.method == "POST" && !find_header(request_.headers, "Idempotency-Key")) {
        curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &CurlCall::on_about_to_send);
        curl_easy_setopt(handle, CURLOPT_PREREQDATA, this);
    }
}

void CurlCall::set_method() {
    CURL* handle = easy_.get();
    const bool may_carry = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
    if (request_.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (may_carry || !request_.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_.body.data());
    } else {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    }
    const bool implied =
        request_.method == "POST" || request_.method == "HEAD" || (request_.method == "GET" && request_.body.empty());
    if (!implied) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void CurlCall::set_headers() {
    curl_slist* list = nullptr;
    for (const auto& [name, value] : request_.headers)
        list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
    list = curl_slist_append(list, "Expect:"); // no extra round trip for long bodies
    if (!find_header(request_.headers, "Content-Type"))
        list = curl_slist_append(list, "Content-Type:"); // curl would claim a form
    header_list_.reset(list);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list);
}

/// curl by itself sends a request again when a kept connection dies before an answer; the first may have been carried out.
int CurlCall::on_about_to_send(void* call, char*, char*, int, int) {
    const bool sent_before = static_cast<const CurlCall*>(call)->failure() == ClientResponse::Failure::unknown;
    return sent_before ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t CurlCall::on_body(char* bytes, std::size_t, std::size_t count, void* call) {
    auto& self = *static_cast<CurlCall*>(call);
    if (self.response_.body.size() + count > self.max_body_) {
        self.too_long_ = true;
        return 0; // curl ends the transfer
    }
    self.response_.body.append(bytes, count);
    return count;
}

std::size_t CurlCall::on_header(char* bytes, std::size_t, std::size_t count, void* call) {
    auto& self = *static_cast<CurlCall*>(call);
    const std::string_view line(bytes, count);
    self.header_bytes_ += count;
    if (self.header_bytes_ > max_header_bytes) {
        self.too_long_ = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) { // also after a 100: only the last answer's headers stay
        self.response_.headers.clear();
        self.header_whole_ = false;
    } else if (trim(line).empty()) {
        self.header_whole_ = true;
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        self.response_.headers.emplace_back(std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
    }
    return count;
}

/// curl counts the request bytes it handed to the socket, over all tries: none means that nobody can have acted on it.
ClientResponse::Failure CurlCall::failure() const {
    long sent = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
    return sent == 0 ? ClientResponse::Failure::not_sent : ClientResponse::Failure::unknown;
}

ClientResponse CurlCall::conclude(CURLcode verdict) {
    if (verdict == CURLE_OK && !header_whole_)
        return give_up("the connection closed inside the answer's header"); // curl lets it pass
    if (verdict == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        response_.status = static_cast<int>(status);
        return std::move(response_);
    }
    if (too_long_) return give_up("the answer is longer than we take");
    return give_up(error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(verdict));
}

ClientResponse CurlCall::give_up(std::string why) {
    ClientResponse response;
    response.failure = failure();
    response.error = std::move(why);
    return response;
}

} // namespace appointd::net
