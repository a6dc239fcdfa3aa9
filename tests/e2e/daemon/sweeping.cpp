#include "tests/e2e/daemon/sweeping.hpp"

#include "foundation/encoding.hpp"

namespace appointd::e2e {
namespace {

std::vector<json::object> listed(Stage& stage, const std::string& query) {
    const auto data = demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows?" + query));
    std::vector<json::object> all;
    if (const auto* items = data ? array_field(*data, "items") : nullptr)
        for (const auto& item : *items) all.push_back(item.as_object());
    return all;
}

} // namespace

std::vector<json::object> sweeps(Stage& stage) { return listed(stage, "kind=reconciliation"); }

std::int64_t sweeps_done(Stage& stage, const std::string& provider) {
    for (const auto& one : sweeps(stage)) {
        const auto id = text_field(one, "id").value_or("");
        const auto detail = demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows/" + id));
        const auto* data = detail ? object_field(*detail, "data") : nullptr;
        if (data && text_field(*data, "provider") == std::optional(provider)) return int_field(*data, "sweeps").value_or(0);
    }
    return -1;
}

std::string book_on_calendly(Stage& stage, const std::string& event_type, const std::string& email) {
    const auto start = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours(48);
    const auto response = stage.sandbox().control("POST", "/calendly/book",
                                                  {{"event_type", "https://api.calendly.com/event_types/" + event_type},
                                                   {"email", email},
                                                   {"name", "Ann Poe"},
                                                   {"start", to_iso(start)}});
    const auto body = parse_object(response.body).value_or(json::object{});
    const auto* data = object_field(body, "data");
    const auto uri = data ? text_field(*data, "invitee").value_or("") : "";
    if (uri.empty()) throw std::runtime_error("Calendly took no booking: " + response.body);
    return last_segment(uri);
}

json::object booking_of(Stage& stage, const std::string& email) {
    const auto all = listed(stage, "q=" + percent_encode(email));
    if (all.size() > 1) throw std::runtime_error("more than one booking of " + email);
    return all.empty() ? json::object{} : all.front();
}

std::vector<std::string> reconciled_types(Stage& stage, const std::string& booking) {
    const auto data =
        demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows/" + booking + "/history?limit=200"));
    std::vector<std::string> types;
    const auto* items = data ? array_field(*data, "items") : nullptr;
    if (!items) throw std::runtime_error("no history of " + booking);
    for (const auto& item : *items)
        if (text_field(item.as_object(), "source") == std::optional<std::string>("reconcile"))
            types.push_back(text_field(item.as_object(), "type").value_or(""));
    return types;
}

std::int64_t calls(Stage& stage, std::string_view route) {
    const auto body = parse_object(stage.sandbox().control("GET", "/calls").body).value_or(json::object{});
    const auto* counts = object_field(body, "data");
    if (!counts) throw std::runtime_error("the sandbox does not tell its calls");
    std::int64_t sum = 0;
    for (const auto& [name, count] : *counts)
        if (std::string_view(name).starts_with(route)) sum += count.to_number<std::int64_t>();
    return sum;
}

} // namespace appointd::e2e
