#include "sandbox/call.hpp"

#include "foundation/digest.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>

namespace appointd::sandbox {

bool Call::is(std::string_view verb, std::initializer_list<std::string_view> pattern) const {
    return method == verb &&
           std::equal(segments.begin(), segments.end(), pattern.begin(), pattern.end(),
                      [](const std::string& have, std::string_view want) { return want == "*" || have == want; });
}

std::optional<std::string> Call::header(std::string_view name) const {
    const auto value = net::find_header(headers, name);
    if (!value) return std::nullopt;
    return std::string(*value);
}

std::optional<std::string> Call::bearer() const {
    const auto value = header("Authorization");
    if (!value || value->size() < 8 || value->compare(0, 7, "Bearer ") != 0) return std::nullopt;
    return value->substr(7);
}

bool Call::has_basic(std::string_view user, std::string_view password) const {
    std::string pair(user);
    pair.append(":").append(password);
    return header("Authorization") == "Basic " + base64(pair);
}

std::optional<Call> make_call(std::string_view method, std::string_view path, std::string_view query, net::Headers headers,
                              std::string body) {
    Call call;
    call.method = method;
    call.path = path;
    call.headers = std::move(headers);
    call.body = std::move(body);
    std::size_t from = 0;
    while (from < path.size()) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        if (slash > from) {
            auto segment = percent_decode(path.substr(from, slash - from));
            if (!segment) return std::nullopt;
            call.segments.push_back(std::move(*segment));
        }
        from = slash + 1;
    }
    auto fields = form_decode(query);
    if (!fields) return std::nullopt;
    call.query = std::move(*fields);
    return call;
}

net::Response json_response(int status, const json::value& body) {
    return {.status = status, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = json::serialize(body)};
}

net::Response html_response(int status, std::string title, std::string_view body) {
    static constexpr std::string_view style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a}"
        "button,.button{font:inherit;padding:.5rem 1rem;margin:.25rem;border:1px solid "
        "#0060df;border-radius:.4rem;background:#fff;"
        "color:#0060df;cursor:pointer;text-decoration:none;display:inline-block}button.main{background:#0060df;color:#fff}"
        "input{font:inherit;padding:.4rem;width:100%;box-sizing:border-box}label{display:block;margin:.5rem 0}"
        "fieldset{border:1px solid #ddd;border-radius:.4rem;margin:1rem 0}small{color:#666}";
    std::string page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width\"><title>";
    page.append(escape_html(title)).append("</title><style>").append(style).append("</style></head><body><h1>");
    page.append(escape_html(title)).append("</h1>").append(body);
    page.append("<p><small>A look-alike of the appointd sandbox; no real provider is involved.</small></p></body></html>");
    return {.status = status,
            .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
            .body = std::move(page)};
}

net::Response redirect_response(std::string location) {
    return {.status = 303, .headers = {{"Location", std::move(location)}}, .body = {}};
}

std::string six_digits(Time time) {
    std::string text = to_iso(time); // "…:00Z" or "…:00.123456Z"
    if (text.size() == 20) text.insert(19, ".000000");
    return text;
}

std::string whole_seconds(Time time) { return to_iso(std::chrono::floor<std::chrono::seconds>(time)); }

std::int64_t unix_seconds(Time time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

std::string with_query(std::string base, const Fields& fields) {
    if (fields.empty()) return base;
    base += base.find('?') == std::string::npos ? '?' : '&';
    return base + form_encode(fields);
}

} // namespace appointd::sandbox
