#include "workflows/booking/facts.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::booking {

std::string text(const Step& step, std::string_view name) { return text_or_empty(step.payload, name); }
std::int64_t number(const Step& step, std::string_view name) { return int_or_zero(step.payload, name); }
bool truth(const Step& step, std::string_view name) { return bool_field(step.payload, name).value_or(false); }
const json::object& result(const Step& step) { return object_or_empty(step.payload, "result"); }
const json::object& request(const Step& step) { return object_or_empty(step.payload, "request"); }
Time moment(const Step& step) { return time_field(step.payload, "at").value_or(step.input.event.occurred_at); }

void raise_flag(Step& step, std::string_view reason, std::string_view note) {
    for (Flag& flag : step.data.flags)
        if (flag.reason == reason) {
            if (!note.empty()) flag.note = std::string(note);
            return;
        }
    std::erase(step.data.settled, reason); // settled once, and here again
    step.data.flags.push_back({std::string(reason), step.input.now, std::string(note)});
}
void clear_flag(Data& data, std::string_view reason) {
    std::erase_if(data.flags, [&](const Flag& flag) { return flag.reason == reason; });
}
void remark(Step& step, std::string_view words) {
    if (!step.note.empty()) step.note += "; ";
    step.note += words;
}

bool ask(Step& step, std::string_view kind, std::string_view provider, int priority, std::string request) {
    if (step.activities.size() >= engine::limits::activities) return false;
    step.activities.push_back({std::string(kind), engine::lane("", provider, "default"), priority, std::move(request)});
    return true;
}
void raise(Step& step, std::string_view type, const json::object& payload) {
    step.raised.push_back({std::string(type), json::serialize(payload)});
}

namespace {
void bind_key(Step& step, std::string_view provider, std::string_view kind, std::string_view id) {
    if (id.empty()) return;
    auto key = engine::correlation_key("", provider, "default", kind, id);
    if (std::find(step.binds.begin(), step.binds.end(), key) == step.binds.end()) step.binds.push_back(std::move(key));
}
} // namespace
void bind_invitee(Step& step, std::string_view uri) { bind_key(step, "calendly", "invitee", uri); }
void bind_payment(Step& step, std::string_view id) { bind_key(step, "stripe", "payment", id); }
void bind_meeting(Step& step, std::string_view id) { bind_key(step, "zoom", "meeting", id); }

bool contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}
void add_once(std::vector<std::string>& texts, std::string_view text) {
    if (!text.empty() && !contains(texts, text)) texts.emplace_back(text);
}

const Call* failed_call(const Step& step) {
    const auto activity = text(step, "activity");
    for (const Call& call : step.data.calls)
        if (call.activity == activity) return &call;
    return nullptr;
}
Call* failed_call(Step& step) { return const_cast<Call*>(failed_call(std::as_const(step))); }

void note_failed_call(Step& step, std::string_view kind, std::string_view flag) {
    Call* call = failed_call(step);
    if (!call) {
        step.data.calls.push_back({});
        call = &step.data.calls.back();
    }
    std::string about;
    for (const auto* name : {"refund", "session", "meeting", "payment"})
        if (about.empty()) about = text_or_empty(request(step), name);
    *call = {.activity = text(step, "activity"),
             .kind = std::string(kind),
             .flag = std::string(flag),
             .about = about,
             .exhausted = truth(step, "exhausted"),
             .reopened = false};
    raise_flag(step, flag, text(step, "code") + ": " + text(step, "message"));
}

namespace {
void drop_if(Step& step, const auto& unwanted) {
    std::vector<std::string> freed;
    std::erase_if(step.data.calls, [&](const Call& call) {
        if (!unwanted(call)) return false;
        freed.push_back(call.flag);
        return true;
    });
    for (const std::string& flag : freed)
        if (std::none_of(step.data.calls.begin(), step.data.calls.end(), [&](const Call& call) { return call.flag == flag; }))
            clear_flag(step.data, flag);
}
} // namespace

void forget_failed_call(Step& step) {
    const auto activity = text(step, "activity");
    drop_if(step, [&](const Call& call) { return call.activity == activity; });
}
void drop_failed_calls(Step& step, std::string_view kind) {
    drop_if(step, [&](const Call& call) { return call.kind == kind; });
}
void drop_failed_calls(Step& step, std::string_view kind, std::string_view about) {
    drop_if(step, [&](const Call& call) { return call.kind == kind && call.about == about; });
}

} // namespace appointd::booking
