#include "tests/integration/http/house.hpp"
#include "workflows/reconciliation/instance.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

struct ReconcileTest : House {
    ReconcileTest() {
        for (const auto* name : {"stripe", "calendly"}) account(name);
        outside_world = [this](const engine::Attempt& attempt) {
            asked.push_back(attempt);
            return answer;
        };
        answer.kind = engine::AttemptResult::Kind::succeeded;
        answer.result = R"({"seen":7,"next":null})";
    }
    void account(const std::string& name, int generation = 1, const std::string& state = "WAITING") {
        reconciliation::Data data;
        data.provider = name;
        data.account = "default";
        data.floor = clock.now() - 24h;
        data.covered = clock.now() - 1h;
        engine::WorkflowRow row;
        row.id = reconciliation::id_of(name, "default", generation);
        row.kind = "reconciliation";
        row.version = 1;
        row.state = state;
        row.data = reconciliation::write(data);
        row.search = name + " default";
        change([&](auto& all) { all.workflows.push_back(row); });
    }
    void learn(const std::string& key, const std::string& type, const std::string& booking = "") {
        engine::Incoming incoming;
        incoming.event.id = engine::make_event_id(clock.now(), "stripe/default", key);
        incoming.event.source = "reconcile";
        incoming.event.type = type;
        incoming.event.occurred_at = clock.now();
        incoming.event.payload = R"({"amount":12000})";
        incoming.address.reason = "not ours";
        if (const auto id = engine::parse_workflow_id(booking)) incoming.address.targets.emplace_back(*id);
        answer.learned.push_back(incoming);
    }
    json::object ask(const std::string& body) { return data_of(ask_admin("POST", "/admin/v1/reconcile", body)); }
    static json::object first(const json::object& data) { return data.at("accounts").as_array().at(0).as_object(); }
    std::string state_of(const std::string& id) {
        std::string state;
        change([&](auto& all) { state = all.find(*engine::parse_workflow_id(id))->state; });
        return state;
    }

    engine::AttemptResult answer;
    std::vector<engine::Attempt> asked;
};

TEST_F(ReconcileTest, FindsEveryAccountBesideTheLongChainOfAnother) {
    for (int generation = 2; generation < 300; ++generation) account("stripe", generation, "RENEWED");
    account("stripe", 300, "LISTING");
    std::vector<std::string> names;
    const auto data = ask("");
    for (const json::value& entry : data.at("accounts").as_array()) names.emplace_back(entry.at("provider").as_string());
    EXPECT_THAT(names, testing::UnorderedElementsAre("stripe", "calendly"));
    EXPECT_EQ(asked.at(0).id.workflow, reconciliation::id_of("stripe", "default", 300));
}

TEST_F(ReconcileTest, LooksForAccountsAlongAnIndexAndNotPastEveryBooking) {
    ask("");
    change([](auto& all) {
        EXPECT_THAT(all.lists, testing::Not(IsEmpty()));
        for (const auto& filter : all.lists) EXPECT_FALSE(filter.kind.empty() || filter.state.empty());
    });
}

TEST_F(ReconcileTest, EveryAccountIsAskedFromWhereItsNextSweepWouldBegin) {
    const auto data = ask("");
    EXPECT_EQ(data.at("dry_run"), false);
    ASSERT_EQ(data.at("accounts").as_array().size(), 2u);
    ASSERT_EQ(asked.size(), 2u);
    for (const auto& attempt : asked) {
        EXPECT_TRUE(attempt.kind == "stripe.events.list" || attempt.kind == "calendly.events.list") << attempt.kind;
        const auto request = *parse_object(attempt.request);
        EXPECT_EQ(request.at("since"), json::value(to_iso(clock.now() - 1h - 10min)));
        EXPECT_EQ(request.at("until"), json::value(to_iso(clock.now())));
    }
    EXPECT_EQ(first(data).at("seen"), 7);
}

TEST_F(ReconcileTest, DryRunDecidesAndChangesNothing) {
    const auto id = std::string(book().at("id").as_string());
    learn("evt_1", "payment.captured", id);
    learn("evt_2", "operator.cancel", id); // a later event sees what the earlier would have done
    learn("evt_3", "payment.captured");
    const auto items = first(ask(R"({"provider":"stripe","dry_run":true})")).at("items").as_array();
    ASSERT_EQ(items.size(), 3u);
    EXPECT_EQ(items[0].at("disposition"), "applied");
    EXPECT_EQ(items[0].at("from"), "INITIATED");
    EXPECT_EQ(items[0].at("to"), "CONFIRMED");
    EXPECT_EQ(items[0].at("workflow_id"), json::value(id));
    EXPECT_EQ(items[1].at("from"), "CONFIRMED");
    EXPECT_EQ(items[1].at("to"), "CANCELED");
    EXPECT_EQ(items[2].at("disposition"), "ignored");
    EXPECT_EQ(items[2].at("reason"), "not ours");
    EXPECT_EQ(state_of(id), "INITIATED");
    change([](auto& all) { EXPECT_EQ(all.events.size(), 1u) << "not even a note"; });
}

TEST_F(ReconcileTest, HealsAndSaysSoAndTheSecondTimeAllIsKnown) {
    const auto id = std::string(book().at("id").as_string());
    learn("evt_1", "payment.captured", id);
    const auto healed = first(ask(R"({"provider":"stripe"})"));
    EXPECT_EQ(healed.at("known"), 0);
    const auto& item = healed.at("items").as_array().at(0);
    EXPECT_EQ(item.at("disposition"), "applied");
    EXPECT_EQ(item.at("from"), "INITIATED");
    EXPECT_EQ(item.at("to"), "CONFIRMED");
    EXPECT_EQ(state_of(id), "CONFIRMED");
    const auto again = first(ask(R"({"provider":"stripe"})"));
    EXPECT_EQ(again.at("known"), 1);
    EXPECT_THAT(again.at("items").as_array(), IsEmpty());
}

TEST_F(ReconcileTest, WhoAskedStandsInTheAccountsHistory) {
    ask(R"({"provider":"stripe","actor":"kim","reason":"webhooks were lost","since":"2026-11-20"})");
    change([](auto& all) {
        ASSERT_EQ(all.events.size(), 1u);
        EXPECT_EQ(all.events.front().workflow, reconciliation::id_of("stripe", "default", 1));
        const auto payload = *parse_object(all.events.front().payload);
        EXPECT_EQ(payload.at("actor"), "kim");
        EXPECT_EQ(payload.at("reason"), "webhooks were lost");
        EXPECT_EQ(payload.at("since"), "2026-11-20T00:00:00Z");
    });
}

TEST_F(ReconcileTest, NextPageIsAskedWithItsCursor) {
    answer.result = R"({"seen":50,"next":"evt_50"})";
    const auto page = first(ask(R"({"provider":"stripe","since":"2026-11-20"})"));
    EXPECT_EQ(page.at("next_cursor"), "evt_50");
    json::object body{{"provider", "stripe"}, {"since", page.at("since")}, {"until", page.at("until")}, {"cursor", "evt_50"}};
    ask(json::serialize(body));
    const auto request = *parse_object(asked.back().request);
    EXPECT_EQ(request.at("cursor"), "evt_50");
    EXPECT_EQ(request.at("since"), page.at("since"));
    EXPECT_EQ(request.at("until"), page.at("until"));
}

TEST_F(ReconcileTest, ProvidersRefusalIsAnErrorOfItsAccount) {
    answer = {};
    answer.kind = engine::AttemptResult::Kind::failed;
    answer.code = "stripe_401";
    answer.message = "no such key";
    const auto page = first(ask(R"({"provider":"stripe","dry_run":true})"));
    EXPECT_EQ(page.at("error").at("code"), "stripe_401");
    EXPECT_THAT(page.at("items").as_array(), IsEmpty());
}

TEST_F(ReconcileTest, WhatIsWrongWithTheRequestIsSaid) {
    for (const auto* body : {R"({"since":"soon"})", R"({"since":7})", R"({"since":"2030-01-01"})", R"({"cursor":"x"})",
                             R"({"dry_run":1})", R"({"what":1})", R"({"since":"2026-11-20","until":"2026-11-19"})"})
        EXPECT_EQ(code_of(ask_admin("POST", "/admin/v1/reconcile", body)), "invalid_request") << body;
    EXPECT_EQ(code_of(ask_admin("POST", "/admin/v1/reconcile", "[]")), "malformed");
    EXPECT_EQ(ask_admin("POST", "/admin/v1/reconcile", R"({"provider":"bank"})").status, 404);
    EXPECT_TRUE(asked.empty());
}

TEST_F(ReconcileTest, ListsShowBookingsUnlessTheKindIsNamed) {
    const auto id = std::string(book().at("id").as_string());
    const auto items = data_of(admin("/admin/v1/workflows")).at("items").as_array();
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].at("id"), json::value(id));
}

} // namespace
} // namespace appointd::http
