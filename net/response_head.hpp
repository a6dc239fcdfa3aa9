#pragma once

#include "net/http_message.hpp"

#include <ctime>
#include <string>
#include <string_view>

namespace appointd::net {

/// The Date header's text, made once a second.
class DateText {
public:
    std::string_view now();

private:
    std::time_t second_ = 0;
    std::string text_;
};

struct Framing {
    bool keep_alive = true;
    bool http_1_0 = false; ///< the asker spoke HTTP/1.0: keeping alive must be said
};

/// Whether a response of this status to this method has a body at all.
bool has_body(int status, std::string_view method);

/// Status line, headers and the empty line. Content-Length, Connection and Date are ours; a value that would break out of its
/// line loses its control characters.
std::string response_head(const Response& response, std::string_view method, Framing framing, std::string_view date);

} // namespace appointd::net
