#include "adapters/notify/letter.hpp"

#include "adapters/notify/calendar.hpp"
#include "foundation/money_text.hpp"
#include "foundation/period_text.hpp"

namespace appointd::adapters::notify {
namespace {

std::string money_of(const json::object& money, std::string_view name) {
    const auto amount = int_field(money, name).value_or(0);
    return amount > 0 ? money_text(amount, text_or_empty(money, "currency")) : std::string();
}

/// A line for each flag that the operator is told of.
std::string attention_of(const json::object& request) {
    std::string lines;
    const auto* flags = array_field(request, "attention");
    if (!flags) return lines;
    for (const json::value& item : *flags) {
        const auto* flag = item.if_object();
        if (!flag) continue;
        const std::string note = clean(text_or_empty(*flag, "note"), true);
        if (!lines.empty()) lines += '\n';
        lines += "- " + clean(text_or_empty(*flag, "reason"), true) + (note.empty() ? "" : ": " + note);
    }
    return lines;
}

Values values_of(const json::object& request, TimeZones& zones) {
    const json::object &slot = object_or_empty(request, "slot"), &links = object_or_empty(request, "links"),
                       &money = object_or_empty(request, "money");
    const json::object& ended = object_or_empty(request, "ended");
    const std::string zone = text_or_empty(slot, "timezone");
    Values values;
    values["name"] = text_or_empty(request, "name");
    values["session"] = text_or_empty(request, "session");
    values["booking"] = text_or_empty(request, "booking");
    values["state"] = text_or_empty(request, "state");
    values["join_url"] = text_or_empty(links, "join");
    values["page_url"] = text_or_empty(links, "page");
    values["cancel_url"] = text_or_empty(links, "cancel");
    values["reschedule_url"] = text_or_empty(links, "reschedule");
    if (const auto start = time_field(slot, "start")) values["when"] = period_text(*start, time_field(slot, "end"), zone, zones);
    if (const auto deadline = time_field(request, "deadline"))
        values["deadline"] = period_text(*deadline, std::nullopt, zone, zones);
    values["price"] = money_of(money, "price");
    values["paid"] = money_of(money, "captured");
    for (const auto* name : {"refunded", "refunding", "kept"}) values[name] = money_of(money, name);
    if (const auto amount = int_field(request, "amount"))
        values["amount"] = money_text(*amount, text_or_empty(money, "currency"));
    if (text_or_empty(ended, "why") == "no_payment") values["not_paid"] = "yes";
    if (const auto by = text_or_empty(ended, "by"); by == "host" || by == "operator") values["canceled_by_us"] = "yes";
    const auto state = text_or_empty(request, "state");
    if (state == "SCHEDULED" || state.starts_with("PAYMENT_")) values["unpaid"] = "yes";
    for (auto& [name, value] : values) value = clean(value, true);
    values["attention"] = attention_of(request);
    return values;
}

std::string calendar_of(const MailConfig& config, const engine::Attempt& attempt, const json::object& request,
                        const Mailbox& attendee, const Values& values) {
    const json::object &wanted = object_or_empty(request, "calendar"), &slot = object_or_empty(request, "slot");
    const auto start = time_field(slot, "start"), end = time_field(slot, "end");
    if (wanted.empty() || !start || !end) return {};
    return calendar_file({.uid = values.at("booking") + "@appointd",
                          .summary = values.at("session"),
                          .description = values.at("page_url"),
                          .location = values.at("join_url"),
                          .start = *start,
                          .end = *end,
                          .stamp = attempt.created_at,
                          .sequence = int_field(wanted, "sequence").value_or(0),
                          .canceled = text_or_empty(wanted, "method") == "CANCEL",
                          .organizer = config.from,
                          .attendee = attendee});
}

} // namespace

std::string message_id(const MailConfig& config, const engine::ActivityId& activity) {
    const std::string& address = config.from.address;
    return engine::to_string(activity) + "@" + address.substr(address.rfind('@') + 1);
}

Result<net::SmtpMessage> compose(const MailConfig& config, const engine::Attempt& attempt, const json::object& request,
                                 TimeZones& zones) {
    const Template* layout = config.templates->find(text_or_empty(request, "about"));
    if (!layout) return Error{"bad_request", "no e-mail is called like this"};
    Mailbox to{text_or_empty(request, "name"), text_or_empty(request, "email")};
    if (text_or_empty(request, "to") == "operator") to = {"", config.operator_address};
    if (!is_address(to.address)) return Error{"bad_address", "what is given is no address that can be written to"};
    const Values values = values_of(request, zones);
    Message message{.from = config.from,
                    .to = to,
                    .subject = layout->subject(values),
                    .text = layout->body(values),
                    .message_id = message_id(config, attempt.id),
                    .about = text_or_empty(request, "about"),
                    .date = attempt.created_at,
                    .calendar = calendar_of(config, attempt, request, to, values),
                    .calendar_method = clean(text_or_empty(object_or_empty(request, "calendar"), "method"), true)};
    return net::SmtpMessage{.from = config.from.address, .to = {to.address}, .content = render(message)};
}

} // namespace appointd::adapters::notify
