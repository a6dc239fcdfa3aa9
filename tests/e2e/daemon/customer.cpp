#include "tests/e2e/daemon/customer.hpp"

#include "daemon/demo_books.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace appointd::e2e {

using namespace std::chrono_literals;

namespace {

std::string link_in(const json::object& booking, std::string_view name) {
    return text_or_empty(Customer::part(booking, "links"), name);
}

} // namespace

json::object Customer::part(const json::object& object, std::string_view name) {
    const json::object* found = object_field(object, name);
    return found ? *found : json::object();
}

Customer::Customer(Stage& stage, std::string session_type, std::string email)
    : stage_(stage), session_type_(std::move(session_type)), email_(std::move(email)) {}

void Customer::ask() {
    json::object body{{"session_type", session_type_}, {"invitee", {{"name", "Ann Poe"}, {"email", email_}}}};
    const auto response = stage_.post(stage_.places().public_url + "/api/bookings", std::move(body));
    const auto made = demo::data_of(response);
    if (!made) throw std::runtime_error("a booking was refused: " + demo::words_for(response));
    id_ = text_or_empty(*made, "id");
    page_ = text_or_empty(*made, "page");
    scheduling_ = await_link("scheduling");
}

void Customer::take_slot(std::chrono::seconds from_now) {
    take_slot_at(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + from_now);
}

void Customer::take_slot_at(Time start, json::object more) {
    json::object body{{"link", scheduling_}, {"start", to_iso(start)}, {"email", email_}, {"name", "Ann Poe"}};
    for (const auto& [name, value] : more) body[name] = value;
    invitee_ = text_or_empty(control("calendly/book", std::move(body)), "invitee");
}

void Customer::book_directly(Time start, json::object more) {
    more["event_type"] = session_type_;
    more["link"] = "";
    take_slot_at(start, std::move(more));
    const std::string list = stage_.places().admin_url + "/admin/v1/workflows?q=" + last_segment(invitee_);
    const auto begun = [&] {
        const auto found = demo::data_of(stage_.get(list));
        const json::array* items = found ? array_field(*found, "items") : nullptr;
        if (items && !items->empty()) id_ = text_or_empty(items->front().as_object(), "id");
        return !id_.empty();
    };
    if (!stage_.eventually(begun)) throw std::runtime_error("no booking began with " + invitee_);
}

void Customer::reach_checkout() {
    ask();
    take_slot();
    checkout_ = await_link("checkout");
}

void Customer::reach_meeting() {
    reach_checkout();
    pay();
    await_link("meeting");
    await_quiet();
}

void Customer::pay() {
    if (checkout_.empty()) checkout_ = await_link("checkout");
    json::object body{{"session", session()}};
    control("stripe/pay", std::move(body));
}

void Customer::reschedule(Time start) {
    invitee_ = text_or_empty(control("calendly/reschedule", {{"invitee", invitee_}, {"start", to_iso(start)}}), "invitee");
}

void Customer::cancel(std::string_view by, std::optional<Time> at) {
    json::object body{{"invitee", invitee_}, {"by", by}};
    if (at) body["at"] = to_iso(*at);
    control("calendly/cancel", std::move(body));
}

void Customer::meet(Time start, Time end, bool guest) {
    const std::string id = meeting();
    control("zoom/start", {{"meeting", id}, {"at", to_iso(start)}});
    if (guest) control("zoom/join", {{"meeting", id}, {"name", "Ann Poe"}, {"at", to_iso(start)}});
    control("zoom/end", {{"meeting", id}, {"at", to_iso(end)}});
}

std::string Customer::session() const { return checkout_.substr(checkout_.rfind('/') + 1); }

std::string Customer::await_link(std::string_view name, std::string_view other_than) {
    std::string link;
    const auto found = [&] {
        const auto booking = demo::data_of(stage_.get(stage_.places().public_url + "/api/bookings/" + id_));
        link = booking ? link_in(*booking, name) : "";
        return !link.empty() && link != other_than;
    };
    if (!stage_.eventually(found)) throw std::runtime_error("no " + std::string(name) + " link; " + json::serialize(detail()));
    if (name == "checkout") checkout_ = link;
    return link;
}

json::object Customer::await_detail(std::string_view what, const std::function<bool(const json::object&)>& is_so) {
    json::object last;
    const auto right = [&] {
        last = detail();
        return is_so(last);
    };
    if (!stage_.eventually(right)) throw std::runtime_error("waited for " + std::string(what) + ": " + json::serialize(last));
    return last;
}

void Customer::await_state(std::string_view state) {
    await_detail("state " + std::string(state),
                 [&](const json::object& detail) { return text_or_empty(detail, "state") == state; });
}

void Customer::await_attention(std::string_view reason) {
    await_detail("attention " + std::string(reason), [&](const json::object& detail) {
        const auto reasons = demo::books_of(detail).attention;
        return std::ranges::find(reasons, reason) != reasons.end();
    });
}

void Customer::await_no_attention() {
    await_detail("no attention", [](const json::object& detail) { return demo::books_of(detail).attention.empty(); });
}

void Customer::await_start(Time start) {
    await_detail("the slot at " + to_iso(start),
                 [&](const json::object& detail) { return time_field(part(part(detail, "data"), "slot"), "start") == start; });
}

void Customer::await_money(std::string_view name, std::int64_t amount) {
    await_detail("money." + std::string(name) + " of " + std::to_string(amount),
                 [&](const json::object& detail) { return int_field(part(part(detail, "data"), "money"), name) == amount; });
}

void Customer::await_quiet() {
    // An open call may still bring a webhook, and a webhook is written into the history even where it is an echo: quiet is what
    // two looks agree on, with nothing on its way between them.
    await_detail("no open call and no webhook on its way", [&](const json::object& before) {
        if (demo::books_of(before).open_calls > 0 || stage_.sandbox().webhooks().pending() > 0) return false;
        return int_field(detail(), "revision") == int_field(before, "revision");
    });
}

json::object Customer::control(const std::string& verb, json::object body) {
    const net::Response response = stage_.sandbox().control("POST", "/" + verb, body);
    if (response.status != 200) throw std::runtime_error(verb + " was refused: " + response.body);
    return part(*parse_object(response.body), "data");
}

net::ClientResponse Customer::send(const std::string& type, json::object payload, bool dry_run) {
    json::object body{{"type", type}, {"actor", "tester"}, {"reason", "as the test says"}, {"payload", std::move(payload)}};
    if (dry_run) body["dry_run"] = true;
    return stage_.post(stage_.places().admin_url + "/admin/v1/workflows/" + id_ + "/events", std::move(body));
}

json::array Customer::history() {
    const std::string url = stage_.places().admin_url + "/admin/v1/workflows/" + id_ + "/history?limit=200&raw=true";
    const json::object page = demo::data_of(stage_.get(url)).value_or(json::object());
    const json::array* items = array_field(page, "items");
    return items ? *items : json::array();
}

std::vector<std::string> Customer::decisions(std::string_view type) {
    std::vector<std::string> decided;
    for (const json::value& event : history())
        if (text_or_empty(event.as_object(), "type") == type)
            decided.push_back(text_or_empty(event.as_object(), "disposition") + ": " +
                              text_or_empty(event.as_object(), "reason"));
    return decided;
}

json::object Customer::payload(std::string_view type) {
    json::object payload;
    for (const json::value& event : history())
        if (text_or_empty(event.as_object(), "type") == type) payload = part(event.as_object(), "payload");
    return payload;
}

std::string Customer::raw(std::string_view type) {
    std::string raw;
    for (const json::value& event : history())
        if (text_or_empty(event.as_object(), "type") == type) raw = text_or_empty(event.as_object(), "raw");
    return raw;
}

json::object Customer::last_call(std::string_view kind) {
    json::object last;
    each_object(detail(), "activities", [&](const json::object& call) {
        if (text_or_empty(call, "kind") == kind) last = call;
    });
    return last;
}

std::string Customer::call_id(std::string_view kind) { return text_or_empty(last_call(kind), "id"); }
json::object Customer::request(std::string_view kind) { return part(last_call(kind), "request"); }

json::object Customer::detail() {
    return demo::data_of(stage_.get(stage_.places().admin_url + "/admin/v1/workflows/" + id_)).value_or(json::object());
}

std::string Customer::state() { return text_or_empty(detail(), "state"); }
std::vector<std::string> Customer::attention() { return demo::books_of(detail()).attention; }

std::string Customer::payment() {
    const json::object mine = ledger();
    const json::array* payments = array_field(mine, "payments");
    return payments && !payments->empty() ? text_or_empty(payments->front().as_object(), "payment") : "";
}

std::size_t Customer::live_meetings() {
    const json::object mine = ledger();
    const json::array* meetings = array_field(mine, "meetings");
    return static_cast<std::size_t>(std::ranges::count_if(
        *meetings, [](const json::value& meeting) { return text_or_empty(meeting.as_object(), "status") != "deleted"; }));
}

bool Customer::slot_is_taken() {
    const json::object mine = ledger();
    const json::array* invitees = array_field(mine, "invitees");
    return std::ranges::any_of(
        *invitees, [](const json::value& invitee) { return text_or_empty(invitee.as_object(), "status") == "active"; });
}

} // namespace appointd::e2e
