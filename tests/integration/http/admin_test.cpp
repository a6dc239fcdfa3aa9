#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::HasSubstr;

struct AdminTest : House {
    std::string id_of(int n) const { return "01930000-0000-7000-8000-0000000000" + std::to_string(10 + n); }
    const json::array& items(const json::object& data) const { return data.at("items").as_array(); }
    std::string id_at(const json::object& data, std::size_t place) const {
        return std::string(items(data).at(place).as_object().at("id").as_string());
    }
};

TEST_F(AdminTest, ListIsPagedNewestFirst) {
    for (int i = 0; i < 5; ++i) put("INITIATED", "{}", id_of(i));
    const auto first = data_of(admin("/admin/v1/workflows?limit=2"));
    ASSERT_EQ(items(first).size(), 2u);
    EXPECT_EQ(id_at(first, 0), id_of(4));
    const auto cursor = std::string(first.at("next_cursor").as_string());
    const auto second = data_of(admin("/admin/v1/workflows?limit=2&cursor=" + cursor));
    EXPECT_EQ(id_at(second, 0), id_of(2));
    const auto third = data_of(admin("/admin/v1/workflows?limit=2&cursor=" + std::string(second.at("next_cursor").as_string())));
    ASSERT_EQ(items(third).size(), 1u);
    EXPECT_TRUE(third.at("next_cursor").is_null());
}

TEST_F(AdminTest, ListIsFiltered) {
    put("INITIATED", "{}", id_of(1));
    put("CONFIRMED", "{}", id_of(2));
    change([](auto& all) { all.workflows.back().attention = "dispute,no_meeting"; });
    const auto confirmed = data_of(admin("/admin/v1/workflows?state=CONFIRMED&kind=booking"));
    ASSERT_EQ(items(confirmed).size(), 1u);
    EXPECT_EQ(items(confirmed).at(0).as_object().at("attention"), (json::array{"dispute", "no_meeting"}));
    EXPECT_EQ(id_at(data_of(admin("/admin/v1/workflows?attention=true")), 0), id_of(2));
    EXPECT_EQ(id_at(data_of(admin("/admin/v1/workflows?attention=no_meeting")), 0), id_of(2));
    EXPECT_EQ(items(data_of(admin("/admin/v1/workflows?attention=dispute&state=INITIATED"))).size(), 0u);
    EXPECT_EQ(id_at(data_of(admin("/admin/v1/workflows?attention=false")), 0), id_of(1));
    EXPECT_EQ(items(data_of(admin("/admin/v1/workflows?q=ANN%40example.org"))).size(), 2u);
    EXPECT_EQ(items(data_of(admin("/admin/v1/workflows?q=nobody"))).size(), 0u);
    EXPECT_EQ(items(data_of(admin("/admin/v1/workflows?from=2026-11-21&to=2026-11-21T10:00:00Z"))).size(), 0u);
    EXPECT_EQ(items(data_of(admin("/admin/v1/workflows?from=2026-11-21&state="))).size(), 2u);
}

TEST_F(AdminTest, BadFiltersAreRefused) {
    for (const auto* query : {"limit=0", "limit=201", "limit=x", "attention=maybe", "from=yesterday", "state=NOWHERE",
                              "kind=none", "cursor=x", "sort=id", "q=%zz", "q=a%00b", "q=%ff%fe", "q=%ed%a0%80"}) {
        const Answer answer = admin("/admin/v1/workflows?" + std::string(query));
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_EQ(code_of(answer), "invalid_request") << query;
    }
}

TEST_F(AdminTest, DetailShowsDataActivitiesAndTimers) {
    const auto id = put("CONFIRMED", R"({"money":{"captured":5}})");
    change([&](auto& all) {
        all.workflows.back().timers = R"({"deadline":{"at":1796115600000000,"set":2}})";
        engine::ActivityRow done;
        done.id = {id, 2, 0};
        done.lane = engine::lane("", "zoom", "default");
        done.kind = "meeting.create";
        done.state = engine::ActivityState::exhausted;
        done.tries = 20;
        done.last_error = "timeout: no answer";
        done.request = R"({"a":1})";
        engine::ActivityRow open = done;
        open.id.n = 1;
        open.state = engine::ActivityState::open;
        all.activities = {done, open};
    });
    const auto data = data_of(admin("/admin/v1/workflows/" + engine::to_string(id)));
    EXPECT_EQ(data.at("state"), "CONFIRMED");
    EXPECT_EQ(data.at("kind"), "booking");
    EXPECT_EQ(data.at("data").as_object().at("money").as_object().at("captured"), 5);
    EXPECT_EQ(data.at("timers").as_array().at(0).as_object().at("name"), "deadline");
    EXPECT_EQ(data.at("timers").as_array().at(0).as_object().at("at"), "2026-12-01T09:00:00Z");
    ASSERT_EQ(data.at("activities").as_array().size(), 2u);
    ASSERT_EQ(data.at("pending_activities").as_array().size(), 1u);
    const auto& activity = data.at("activities").as_array().at(0).as_object();
    EXPECT_EQ(activity.at("id"), json::string(engine::to_string(id) + ".2.0"));
    EXPECT_EQ(activity.at("attempts"), 20);
    EXPECT_EQ(activity.at("last_error"), "timeout: no answer");
    EXPECT_EQ(activity.at("provider"), "zoom");
    EXPECT_EQ(activity.at("state"), "exhausted");
}

TEST_F(AdminTest, UnknownThingsAre404) {
    for (const auto* path : {"/admin/v1/workflows/nonsense", "/admin/v1/workflows/01930000-0000-7000-8000-00000000000f",
                             "/admin/v1/workflows/01930000-0000-7000-8000-00000000000f/history", "/admin/v1/definitions/none",
                             "/admin/v2/workflows", "/admin/v1/definitions/booking?version=7"}) {
        EXPECT_EQ(admin(path).status, 404) << path;
        EXPECT_EQ(code_of(admin(path)), "not_found");
    }
    EXPECT_EQ(ask_admin("POST", "/admin/v1/workflows", "{}").header("Allow"), "GET, HEAD");
}

TEST_F(AdminTest, HistoryIsPagedAndShowsRawOnlyWhenAsked) {
    const auto id = put("CONFIRMED", "{}");
    change([&](auto& all) {
        for (int seq = 1; seq <= 4; ++seq) {
            engine::EventRow event;
            event.id = engine::make_event_id(Time{}, "t", std::to_string(seq));
            event.workflow = id;
            if (seq < 4) event.seq = seq;
            event.disposition = seq < 4 ? engine::Disposition::applied : engine::Disposition::deferred;
            event.type = "payment.captured";
            event.payload = R"({"n":1})";
            event.raw = "raw bytes";
            event.result = "A>B";
            all.events.push_back(event);
        }
    });
    const auto path = "/admin/v1/workflows/" + engine::to_string(id) + "/history";
    const auto first = data_of(admin(path + "?limit=2"));
    ASSERT_EQ(items(first).size(), 2u);
    EXPECT_EQ(items(first).at(0).as_object().at("seq"), 1);
    EXPECT_EQ(items(first).at(0).as_object().at("payload").as_object().at("n"), 1);
    EXPECT_FALSE(items(first).at(0).as_object().contains("raw"));
    EXPECT_EQ(first.at("next_cursor"), "2");
    const auto rest = data_of(admin(path + "?limit=2&cursor=2&raw=true"));
    ASSERT_EQ(items(rest).size(), 2u);
    EXPECT_EQ(items(rest).at(0).as_object().at("raw"), "raw bytes");
    EXPECT_TRUE(items(rest).at(1).as_object().at("seq").is_null());
    EXPECT_EQ(items(rest).at(1).as_object().at("disposition"), "deferred");
    EXPECT_TRUE(rest.at("next_cursor").is_null());
}

TEST_F(AdminTest, DefinitionAsTableAndAsMermaid) {
    const auto data = data_of(admin("/admin/v1/definitions/booking"));
    EXPECT_EQ(data.at("version"), 1);
    EXPECT_EQ(data.at("rows").as_array().at(0).as_object().at("to"), "CANCELED");
    const Answer mermaid = admin("/admin/v1/definitions/booking?format=mermaid");
    EXPECT_THAT(mermaid.header("Content-Type"), HasSubstr("text/plain"));
    EXPECT_THAT(mermaid.body, HasSubstr("stateDiagram-v2"));
    EXPECT_EQ(admin("/admin/v1/definitions/booking?format=png").status, 400);
    EXPECT_EQ(items(data_of(admin("/admin/v1/definitions"))).size(), 1u);
}

TEST_F(AdminTest, DeadLettersAreListedAndRequeued) {
    engine::EventId id;
    change([&](auto& all) {
        engine::EventRow event;
        event.id = id = engine::make_event_id(Time{}, "t", "dead");
        event.disposition = engine::Disposition::dead;
        event.reason = "poison";
        all.events.push_back(event);
    });
    const auto list = data_of(admin("/admin/v1/dead-letters"));
    ASSERT_EQ(items(list).size(), 1u);
    EXPECT_EQ(id_at(list, 0), engine::to_string(id));
    EXPECT_EQ(items(list).at(0).as_object().at("reason"), "poison");
    const auto path = "/admin/v1/dead-letters/" + engine::to_string(id) + "/requeue";
    EXPECT_EQ(data_of(ask_admin("POST", path)).at("disposition"), "applied");
    EXPECT_EQ(ask_admin("POST", path).status, 404);
    EXPECT_EQ(ask_admin("POST", "/admin/v1/dead-letters/nonsense/requeue").status, 404);
    EXPECT_EQ(items(data_of(admin("/admin/v1/dead-letters"))).size(), 0u);
}

TEST_F(AdminTest, OutageIs503OnEveryRead) {
    change([](auto& all) { all.database_away = true; });
    for (const auto* path : {"/admin/v1/workflows", "/admin/v1/workflows/01930000-0000-7000-8000-00000000000f",
                             "/admin/v1/workflows/01930000-0000-7000-8000-00000000000f/history", "/admin/v1/dead-letters"}) {
        const Answer answer = admin(path);
        EXPECT_EQ(answer.status, 503) << path;
        EXPECT_EQ(code_of(answer), "unavailable");
        EXPECT_FALSE(answer.header("Retry-After").empty());
    }
}

} // namespace
} // namespace appointd::http
