#include "net/response_head.hpp"

#include <boost/beast/http/status.hpp>

#include <array>

namespace appointd::net {
namespace {

void append_value(std::string& out, std::string_view value) {
    for (const char c : value)
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
}

} // namespace

std::string_view DateText::now() {
    const std::time_t second = std::time(nullptr);
    if (second != second_ || text_.empty()) {
        second_ = second;
        std::tm parts{};
        gmtime_r(&second, &parts);
        std::array<char, 40> buffer{};
        text_.assign(buffer.data(), std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    }
    return text_;
}

bool has_body(int status, std::string_view method) { return method != "HEAD" && status >= 200 && status != 204 && status != 304; }

std::string response_head(const Response& response, std::string_view method, Framing framing, std::string_view date) {
    std::string out;
    out.reserve(256);
    out += "HTTP/1.1 ";
    out += std::to_string(response.status);
    out += ' ';
    const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
    out.append(reason.data(), reason.size());
    out += "\r\nDate: ";
    out += date;
    for (const auto& [name, value] : response.headers) {
        out += "\r\n";
        append_value(out, name);
        out += ": ";
        append_value(out, value);
    }
    if (has_body(response.status, method) || (method == "HEAD" && response.status != 204 && response.status != 304)) {
        out += "\r\nContent-Length: ";
        out += std::to_string(response.body.size());
    }
    if (!framing.keep_alive)
        out += "\r\nConnection: close";
    else if (framing.http_1_0)
        out += "\r\nConnection: keep-alive";
    out += "\r\n\r\n";
    return out;
}

} // namespace appointd::net
