#pragma once

#include "foundation/json.hpp"
#include "workflows/reconciliation/definition.hpp"
#include "workflows/reconciliation/instance.hpp"
#include "workflows/reconciliation/kind.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace appointd::reconciliation::testing {

using namespace std::chrono_literals;

inline constexpr Time monday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h;

/// One account's reconciliation, carried through events as the engine would.
class Account : public ::testing::Test {
protected:
    explicit Account(std::string provider = "stripe") : provider_(std::move(provider)) {}

    engine::Decision send(std::string_view type, const json::object& payload = {}) {
        const engine::Event event{engine::EventId{}, "test", std::string(type), now, json::serialize(payload), ""};
        const auto id = id_of(provider_, "default", 1);
        auto decision = definition_.transition(workflow ? &*workflow : nullptr,
                                               engine::Input{event, now, id, workflow ? workflow->revision + 1 : 1});
        if (const auto* applied = std::get_if<engine::Applied>(&decision)) {
            if (!workflow) workflow = engine::Workflow{id, "", "reconciliation", 1, "", 0, "", {}};
            workflow->state = applied->state;
            workflow->data = applied->data;
            workflow->timers = applied->timers;
            workflow->revision += 1;
            requested = applied->activities;
            closed = applied->closed;
            attention = applied->attention;
            EXPECT_EQ(write(read(applied->data)), applied->data);
        }
        return decision;
    }
    void begin(std::int64_t every = 600) {
        const Beginning beginning{provider_, "default", 1, every, now, now};
        send("reconciliation.begun", json::parse(encode(beginning)).as_object());
    }
    /// Moves the clock to a timer and rings it.
    void ring(const std::string& name) {
        const auto timer = workflow->timers.find(name);
        ASSERT_NE(timer, workflow->timers.end()) << name;
        now = std::max(now, timer->second.at);
        workflow->timers.erase(timer);
        send("timer." + name);
    }
    void page(std::optional<std::string> next = std::nullopt, std::int64_t seen = 3) {
        const json::object result{{"seen", seen}, {"next", next ? json::value(*next) : json::value(nullptr)}};
        send(list_kind(provider_) + ".succeeded", {{"result", result}});
    }
    void refuse() {
        send(list_kind(provider_) + ".failed", {{"code", "stripe_404"}, {"message", "unknown"}, {"exhausted", false}});
    }
    void sweep() {
        ring("sweep");
        page();
    }

    /// The one request of the last transition.
    json::object asked() const {
        EXPECT_EQ(requested.size(), 1u);
        return requested.empty() ? json::object{} : json::parse(requested.front().request).as_object();
    }
    Time asked_time(std::string_view name) const { return time_field(asked(), name).value_or(Time{}); }
    Data data() const { return read(workflow->data); }
    std::string state() const { return workflow ? workflow->state : "none"; }
    Time timer_at(const std::string& name) const {
        const auto timer = workflow->timers.find(name);
        return timer == workflow->timers.end() ? Time{} : timer->second.at;
    }

    Time now = monday;
    std::optional<engine::Workflow> workflow;
    std::vector<engine::ActivityRequest> requested;
    bool closed = false;
    std::optional<std::string> attention;

private:
    std::string provider_;
    engine::Definition definition_ = definition();
};

} // namespace appointd::reconciliation::testing
