#include "http/page_layout.hpp"

#include "foundation/encoding.hpp"
#include "foundation/period_text.hpp"

namespace appointd::http {
namespace {

constexpr std::string_view style =
    "body{margin:0;background:#f4f5f7;color:#1c2430;font:1.05rem/1.55 system-ui,sans-serif}"
    "main{max-width:34rem;margin:8vh auto;padding:2rem 2.2rem;background:#fff;border:1px solid #dfe3e8;border-radius:.6rem}"
    "h1{margin:0 0 1rem;font-size:1.45rem;line-height:1.25}p{margin:.6rem 0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:1.4rem 0}dt{color:#5b6675}dd{margin:0}"
    "a{color:#0b57c2}a.main{display:inline-block;margin:.8rem 0;padding:.65rem 1.3rem;background:#0b57c2;color:#fff;"
    "border-radius:.4rem;text-decoration:none;font-weight:600}.also "
    "a{margin-right:1.2rem}footer{margin-top:1.6rem;color:#5b6675;font-size:.88rem}"
    "@media(prefers-color-scheme:dark){body{background:#14181e;color:#e6e9ee}main{background:#1d232b;border-color:#333c47}"
    "a{color:#7db1ff}dt,footer{color:#9aa6b4}}";

bool is_web_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

void append_link(std::string& out, const Page::Link& link) {
    out += link.main ? "<a class=\"main\" href=\"" : "<a href=\"";
    out += escape_html(link.url);
    out += "\">";
    out += escape_html(link.label);
    out += "</a>";
}

} // namespace

std::string render(const Page& page) {
    std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">";
    if (page.refresh_seconds > 0) {
        out += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(page.refresh_seconds);
        if (!page.refresh_to.empty()) out += ";url=" + escape_html(page.refresh_to);
        out += "\">";
    }
    out += "<title>" + escape_html(page.title) + "</title><style>";
    out += style;
    out += "</style></head><body><main><h1>" + escape_html(page.title) + "</h1>\n";
    for (const std::string& line : page.lines) out += "<p>" + escape_html(line) + "</p>\n";
    if (!page.facts.empty()) {
        out += "<dl>";
        for (const Page::Fact& fact : page.facts)
            out += "<dt>" + escape_html(fact.name) + "</dt><dd>" + escape_html(fact.value) + "</dd>\n";
        out += "</dl>";
    }
    std::string also;
    for (const Page::Link& link : page.links) {
        if (!is_web_link(link.url)) continue;
        if (link.main) {
            out += "<p>";
            append_link(out, link);
            out += "</p>\n";
        } else {
            append_link(also, link);
        }
    }
    if (!also.empty()) out += "<p class=\"also\">" + also + "</p>\n";
    if (page.refresh_seconds > 0) out += "<footer>This page looks again by itself.</footer>";
    out += "</main></body></html>\n";
    return out;
}

std::string slot_text(const BookingView& view, TimeZones& zones) {
    return view.start ? period_text(*view.start, view.end, view.timezone, zones) : std::string();
}

} // namespace appointd::http
