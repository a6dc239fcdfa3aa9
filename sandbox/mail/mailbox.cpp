#include "sandbox/mail/mailbox.hpp"

#include "foundation/encoding.hpp"

#include <algorithm>

namespace appointd::sandbox::mail {
namespace {

namespace json = boost::json;
constexpr std::size_t most_items = 20'000, most_shown = 500;

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
}

} // namespace

void Mailbox::put(std::string from, std::vector<std::string> to, std::string message, Time at) {
    Item item{.at = at, .from = std::move(from), .to = std::move(to), .letter = read(message), .booking = {}};
    const std::string id = item.letter.header("Message-ID");
    if (id.starts_with('<')) item.booking = id.substr(1, id.find_first_of(".@>") - 1);
    const std::lock_guard lock(mutex_);
    item.number = ++last_;
    items_.push_back(std::move(item));
    if (items_.size() > most_items) items_.pop_front();
}

json::object Mailbox::json_of(const Item& item) const {
    json::object out{{"number", item.number},
                     {"at", to_iso(item.at)},
                     {"from", item.from},
                     {"booking", item.booking},
                     {"about", item.letter.header("Appointd-Message")},
                     {"subject", item.letter.header("Subject")},
                     {"message_id", item.letter.header("Message-ID")},
                     {"text", item.letter.text},
                     {"calendar", item.letter.calendar},
                     {"calendar_method", item.letter.calendar_method}};
    json::array to, faults;
    for (const std::string& address : item.to) to.emplace_back(address);
    for (const std::string& fault : item.letter.faults) faults.emplace_back(fault);
    out["to"] = std::move(to);
    out["faults"] = std::move(faults);
    return out;
}

json::array Mailbox::list(std::string_view booking, std::string_view address) const {
    const std::lock_guard lock(mutex_);
    json::array out;
    for (const Item& item : items_) {
        const bool meant = address.empty() || std::ranges::find(item.to, address) != item.to.end();
        if (meant && (booking.empty() || item.booking == booking)) out.emplace_back(json_of(item));
    }
    return out;
}

std::string Mailbox::page() const {
    const std::lock_guard lock(mutex_);
    std::string out = "<p>" + std::to_string(items_.size()) + " e-mails, the newest first.</p><ul>";
    std::size_t shown = 0;
    for (auto item = items_.rbegin(); item != items_.rend() && shown < most_shown; ++item, ++shown)
        out += "<li><a href=\"/mailbox/" + std::to_string(item->number) + "\">" + escape_html(item->letter.header("Subject")) +
               "</a> to " + escape_html(joined(item->to)) + "</li>";
    return out + "</ul>";
}

std::string Mailbox::page(std::size_t number) const {
    const std::lock_guard lock(mutex_);
    const auto item = std::ranges::find(items_, number, &Item::number);
    if (item == items_.end()) return "<p>There is no such e-mail.</p>";
    std::string out = "<p><b>" + escape_html(item->letter.header("Subject")) + "</b><br>From " +
                      escape_html(item->letter.header("From")) + "<br>To " + escape_html(item->letter.header("To")) + "<br>" +
                      escape_html(item->letter.header("Date")) + "</p><pre>" + escape_html(item->letter.text) + "</pre>";
    if (!item->letter.calendar.empty()) out += "<p>invite.ics</p><pre>" + escape_html(item->letter.calendar) + "</pre>";
    return out + "<p><a href=\"/mailbox\">All e-mails</a></p>";
}

} // namespace appointd::sandbox::mail
