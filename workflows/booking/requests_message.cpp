#include "workflows/booking/money.hpp"
#include "workflows/booking/requests.hpp"

#include "foundation/json_or_null.hpp"

#include <boost/json/serialize.hpp>

/// What e-mails and outgoing webhooks say. Both are stored with the intent, so every attempt tells the same.
namespace appointd::booking::requests {
namespace {

std::string open_checkout(const Data& data) {
    const Checkout* checkout = data.checkout();
    return checkout && checkout->phase == CheckoutPhase::open ? checkout->url : std::string();
}

json::object links_of(engine::WorkflowId self, const Data& data) {
    return {{"page", page_url(self, data)},
            {"pay", text_or_null(open_checkout(data))},
            {"join", text_or_null(data.meeting.join_url)},
            {"cancel", text_or_null(data.slot.cancel_url)},
            {"reschedule", text_or_null(data.slot.reschedule_url)}};
}

json::object money_of(const Data& data) {
    const auto sums = money::sums(data);
    return {{"currency", sums.currency.empty() ? std::string_view(data.terms.currency) : sums.currency},
            {"price", data.terms.price},
            {"captured", sums.captured},
            {"refunded", sums.refunded},
            {"refunding", sums.refunding},
            {"kept", sums.kept},
            {"lost", sums.lost}};
}

json::value slot_of(const Data& data) {
    if (!data.slot.start) return nullptr;
    return json::object{{"start", to_iso(*data.slot.start)},
                        {"end", time_or_null(data.slot.end)},
                        {"timezone", text_or_null(data.slot.timezone)}};
}

json::object attention_of(const Flag& flag) { return {{"reason", flag.reason}, {"note", text_or_null(flag.note)}}; }

} // namespace

std::string mail_send(engine::WorkflowId self, State state, const Data& data, const Mail& mail) {
    json::object request{{"booking", engine::to_string(self)},
                         {"about", mail.about},
                         {"to", mail.to_operator ? "operator" : "invitee"},
                         {"email", text_or_null(data.email)},
                         {"name", text_or_null(data.name)},
                         {"session", data.terms.name},
                         {"state", engine::name_of<Booking>(state)},
                         {"slot", slot_of(data)},
                         {"links", links_of(self, data)},
                         {"money", money_of(data)}};
    if (mail.until) request["until"] = to_iso(*mail.until);
    if (!mail.calendar.empty()) request["calendar"] = {{"method", mail.calendar}, {"sequence", mail.sequence}};
    if (mail.amount != 0) request["amount"] = mail.amount;
    if (data.deadline) request["deadline"] = to_iso(*data.deadline);
    if (data.ended) request["ended"] = {{"why", data.ended->why}, {"by", text_or_null(data.ended->by)}};
    if (!mail.attention.empty()) {
        json::array& reasons = request["attention"].emplace_array();
        for (const Flag& flag : mail.attention) reasons.emplace_back(attention_of(flag));
    }
    return json::serialize(request);
}

std::string webhook_send(engine::WorkflowId self, std::string_view listener, std::string_view type, std::string_view body) {
    return json::serialize(
        json::object{{"booking", engine::to_string(self)}, {"endpoint", listener}, {"type", type}, {"body", body}});
}

std::string webhook_body(const Step& step, const News& news, std::string_view reason) {
    const Data& data = step.data;
    json::object facts{
        {"booking", engine::to_string(step.input.self)},
        {"sequence", step.input.seq},
        {"state", engine::name_of<Booking>(step.to)},
        {"previous_state", step.from == State::none ? json::value(nullptr) : json::value(engine::name_of<Booking>(step.from))},
        {"event", step.input.event.type},
        {"reason", text_or_null(reason)},
        {"session_type", data.terms.session_type},
        {"invitee", json::object{{"name", text_or_null(data.name)}, {"email", text_or_null(data.email)}}},
        {"slot", slot_of(data)},
        {"links", links_of(step.input.self, data)},
        {"money", money_of(data)}};
    json::array& open = facts["attention"].emplace_array();
    for (const Flag& flag : data.flags) open.emplace_back(flag.reason);
    if (news.attention) facts["about"] = attention_of(*news.attention);
    const auto metadata = parse_object(data.metadata);
    facts["metadata"] = metadata ? *metadata : json::object{};
    return json::serialize(json::object{{"type", news.type}, {"timestamp", to_iso(step.input.now)}, {"data", std::move(facts)}});
}

} // namespace appointd::booking::requests
