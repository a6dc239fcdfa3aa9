#include "sandbox/core.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/verbs.hpp"

namespace appointd::sandbox {
namespace {

net::Response done(json::object data = {}) {
    return json_response(200, json::object{{"data", std::move(data)}, {"error", nullptr}});
}

net::Response refused(int status, const Error& error) {
    return json_response(status, json::object{{"data", nullptr}, {"error", {{"code", error.code}, {"message", error.message}}}});
}

} // namespace

net::Response Sandbox::Core::control(const Call& call) {
    if (call.method == "GET") return control_state(call);
    const auto body = call.body.empty() ? json::object{} : parse_object(call.body);
    if (!body) return refused(400, {"invalid", "the body is a JSON object"});
    return control_change(call, *body);
}

net::Response Sandbox::Core::control_state(const Call& call) {
    const std::string what = call.segments.empty() ? "" : call.segments[0];
    if (what == "webhooks")
        return done({{"pending", delivery.pending()}, {"counts", delivery.counts()}, {"items", delivery.list()}});
    if (what == "mailbox")
        return done({{"items", mailbox.list(call.parameter("booking").value_or(""), call.parameter("to").value_or(""))}});
    if (what == "faults") return done({{"items", faults.list()}});
    if (what == "environment") {
        json::object out;
        for (const auto& [name, value] : environment()) out[name] = value;
        return done(std::move(out));
    }
    const std::lock_guard lock(mutex);
    if (what == "ledger") return done(ledger_of(world, call.parameter("booking").value_or("")));
    if (what == "doubles") return done(doubles_of(world));
    if (what == "effects") return done({{"items", effects_of(world)}});
    if (what == "clock")
        return done({{"now", to_iso(world.clock.now())}, {"offset_seconds", world.clock.offset().count() / 1'000'000}});
    if (what == "calls") {
        json::object out;
        for (const auto& [route, count] : world.calls) out[route] = count;
        return done(std::move(out));
    }
    return refused(404, {"not_found", "no such page of the control API"});
}

net::Response Sandbox::Core::control_webhooks(std::string_view verb, const json::object& body) {
    const std::string order = text_field(body, "order").value_or("as_sent");
    if (verb == "pause")
        delivery.pause();
    else if (verb == "resume")
        delivery.resume();
    else if (verb != "flush")
        return refused(404, {"not_found", "pause, resume or flush"});
    else if (order == "as_sent")
        delivery.flush(Delivery::Order::as_sent);
    else if (order == "reversed")
        delivery.flush(Delivery::Order::reversed);
    else if (order == "shuffled")
        delivery.flush(Delivery::Order::shuffled);
    else
        return refused(400, {"invalid", "order is as_sent, reversed or shuffled"});
    return done();
}

net::Response Sandbox::Core::control_settings(const json::object& body) {
    const std::lock_guard lock(mutex);
    auto& calendly = world.calendly.settings();
    auto& stripe = world.stripe.settings();
    auto& zoom = world.zoom.settings();
    const auto number = [&](std::string_view name, int& value) {
        if (const auto given = int_field(body, name)) value = static_cast<int>(*given);
    };
    const auto flag = [&](std::string_view name, bool& value) { value = bool_field(body, name).value_or(value); };
    number("calendly_requests_per_minute", calendly.requests_per_minute);
    flag("calendly_overlapping", calendly.overlapping);
    flag("calendly_tracking_survives_reschedule", calendly.tracking_survives_reschedule);
    flag("calendly_paid_plan", calendly.paid_plan);
    number("stripe_requests_per_second", stripe.requests_per_second);
    flag("stripe_refunds_pending", stripe.refunds_pending);
    number("zoom_daily_limit", zoom.daily_limit);
    number("zoom_light_per_second", zoom.light_per_second);
    number("zoom_medium_per_second", zoom.medium_per_second);
    flag("zoom_full_limit_headers", zoom.full_limit_headers);
    flag("zoom_new_token_ends_old", zoom.new_token_ends_old);
    return done({{"calendly_requests_per_minute", calendly.requests_per_minute},
                 {"calendly_overlapping", calendly.overlapping},
                 {"calendly_tracking_survives_reschedule", calendly.tracking_survives_reschedule},
                 {"calendly_paid_plan", calendly.paid_plan},
                 {"stripe_requests_per_second", stripe.requests_per_second},
                 {"stripe_refunds_pending", stripe.refunds_pending},
                 {"zoom_daily_limit", zoom.daily_limit},
                 {"zoom_light_per_second", zoom.light_per_second},
                 {"zoom_medium_per_second", zoom.medium_per_second},
                 {"zoom_full_limit_headers", zoom.full_limit_headers},
                 {"zoom_new_token_ends_old", zoom.new_token_ends_old}});
}

net::Response Sandbox::Core::control_change(const Call& call, const json::object& body) {
    if (call.is("DELETE", {"faults"})) return faults.clear(), done();
    if (call.is("DELETE", {"faults", "*"})) {
        const bool known = faults.remove(std::atoi(call.segments[1].c_str()));
        return known ? done() : refused(404, {"not_found", "no such fault"});
    }
    if (call.is("POST", {"faults"})) {
        auto fault = parse_fault(body);
        return fault ? done({{"id", faults.add(std::move(*fault))}}) : refused(400, fault.error());
    }
    if (call.is("POST", {"webhooks", "target"})) {
        const auto to = text_field(body, "base");
        if (!to) return refused(400, {"invalid", "base is missing"});
        set_webhook_base(*to);
        return done();
    }
    if (call.is("POST", {"webhooks", "*"})) return control_webhooks(call.segments[1], body);
    if (call.is("POST", {"settings"})) return control_settings(body);
    if (call.is("POST", {"clock", "advance"})) {
        const auto by = parse_duration(text_field(body, "by").value_or(""));
        if (!by) return refused(400, {"invalid", "by is a duration like 24h"});
        std::string now;
        with_world([&](World& all, Time) {
            all.clock.advance(*by);
            all.stripe.tick(all.clock.now());
            now = to_iso(all.clock.now());
        });
        return done({{"now", now}});
    }
    const Verb verb =
        call.method == "POST" && call.segments.size() == 2 ? verb_named(call.segments[0] + "/" + call.segments[1]) : nullptr;
    if (!verb) return refused(404, {"not_found", "no such verb of the control API"});
    Result<json::object> result = Error{};
    with_world([&](World& all, Time now) { result = verb(all, body, now); });
    if (result) return done(std::move(*result));
    return refused(result.error().code == "not_found" ? 404 : 409, result.error());
}

} // namespace appointd::sandbox
