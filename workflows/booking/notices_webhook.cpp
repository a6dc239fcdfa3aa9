#include "workflows/booking/facts.hpp"
#include "workflows/booking/notices.hpp"
#include "workflows/booking/requests.hpp"

#include <algorithm>
#include <cctype>

namespace appointd::booking::notices {
namespace {

std::string type_of(State state) {
    std::string type = "booking.";
    for (const char c : engine::name_of<Booking>(state)) type += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return type;
}

std::vector<requests::News> news_of(const Step& step, const Data& before) {
    std::vector<requests::News> news;
    if (step.from != step.to) news.push_back({type_of(step.to)});
    const auto &old_start = before.slot.start, &start = step.data.slot.start;
    if (old_start && start && *old_start != *start) news.push_back({"booking.rescheduled"});
    for (const Flag& flag : step.data.flags)
        if (!before.flagged(flag.reason)) news.push_back({"attention.raised", &flag});
    for (const Flag& flag : before.flags)
        if (!step.data.flagged(flag.reason)) news.push_back({"attention.resolved", &flag});
    return news;
}

bool wants(const Listener& listener, const std::string& type) {
    return listener.events.empty() || contains(listener.events, type);
}

bool send(Step& step, const Owed& message) {
    if (step.activities.size() >= engine::limits::activities) return false;
    step.activities.push_back({"webhook.send", engine::lane("", "webhook", message.listener), priority, message.request});
    return true;
}

} // namespace

void call_listeners(Step& step, const std::string& reason) {
    Data& data = step.data;
    if (data.terms.listeners.empty()) return;
    const Data before = step.before ? read(step.before->data) : Data{};
    for (const requests::News& news : news_of(step, before)) {
        const std::string body = requests::webhook_body(step, news, reason);
        for (const Listener& listener : data.terms.listeners)
            if (wants(listener, news.type))
                data.owed.push_back({listener.name, requests::webhook_send(step.input.self, listener.name, news.type, body)});
    }
    const auto left = std::find_if(data.owed.begin(), data.owed.end(), [&](const Owed& message) { return !send(step, message); });
    data.owed.erase(data.owed.begin(), left);
}

} // namespace appointd::booking::notices
