#include "tests/integration/http/house.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::HasSubstr;

struct AdminInsightTest : House {
    std::string id = std::string(book().at("id").as_string());
    std::string path(const std::string& what) const { return "/admin/v1/workflows/" + id + "/" + what; }
    void send(const std::string& body) { ask_admin("POST", path("events"), body); }
    /// A webhook of 120.00 USD.
    void pay() {
        ask_public("POST", "/webhooks/stripe", R"({"id":"e1","type":"payment.captured","booking":")" + id + "\"}",
                   "X-Signature: good\r\n");
    }
    json::object report(const std::string& query) { return data_of(admin("/admin/v1/reports/money?" + query)); }
};

TEST_F(AdminInsightTest, ExplanationInSectionsAndAsText) {
    const auto data = data_of(admin(path("explain")));
    EXPECT_EQ(data.at("state"), "INITIATED");
    EXPECT_EQ(data.at("sections").at(0).at("title"), "State");
    EXPECT_EQ(data.at("sections").at(0).at("lines"), json::array{"It is INITIATED."});
    EXPECT_EQ(data.at("text"), "State\n  It is INITIATED.\n\nCalls\n  0 of them.\n");
    change([](auto& all) { all.workflows.front().kind = "errand"; });
    EXPECT_EQ(data_of(admin(path("explain"))).at("sections"), json::array{}) << "a kind that tells nothing";
}

TEST_F(AdminInsightTest, ReplayOfAnUntouchedHistoryIsTheSame) {
    pay();
    send(R"({"type":"operator.cancel"})");
    send(R"({"type":"operator.cancel"})"); // ignored: history all the same
    change([&](auto& all) {
        engine::ActivityRow asked;
        asked.id = {*engine::parse_workflow_id(id), 2, 0};
        asked.lane = engine::lane("", "zoom", "default");
        asked.kind = "meeting.create";
        asked.request = R"({"booking":"x"})";
        asked.created_at = clock.now();
        all.activities.push_back(asked);
    });
    const auto data = data_of(admin(path("replay")));
    EXPECT_EQ(data.at("same"), true) << json::serialize(data);
    EXPECT_EQ(data.at("events"), 4);
    EXPECT_TRUE(data.at("first").is_null());
    EXPECT_EQ(data.at("differences"), json::array{});
}

TEST_F(AdminInsightTest, ReplayNamesTheLineAndTheLeavesThatDiffer) {
    change([](auto& all) {
        all.events.front().reason = "otherwise";
        auto& row = all.workflows.front();
        row.state = "CONFIRMED";
        row.data.replace(row.data.find("\"captured\":0"), 12, "\"captured\":7");
    });
    const auto data = data_of(admin(path("replay")));
    EXPECT_EQ(data.at("same"), false);
    EXPECT_EQ(data.at("first").at("seq"), 1);
    EXPECT_EQ(data.at("first").at("recorded"), "applied >INITIATED (otherwise)");
    EXPECT_EQ(data.at("differences").at(0),
              (json::object{{"what", "state"}, {"stored", "CONFIRMED"}, {"replayed", "INITIATED"}, {"changes", json::array{}}}));
    const json::array leaf{json::object{{"path", "money.captured"}, {"before", 7}, {"after", 0}}};
    EXPECT_EQ(data.at("differences").at(1).at("changes"), leaf);
    EXPECT_TRUE(data.at("differences").at(1).at("stored").is_null());
}

TEST_F(AdminInsightTest, ReplayOfAVersionThatIsNotCarriedIs409) {
    change([](auto& all) { all.events.front().version = 7; });
    EXPECT_EQ(code_of(admin(path("replay"))), "version_missing");
    EXPECT_EQ(admin(path("replay")).status, 409);
}

TEST_F(AdminInsightTest, UnknownWorkflowsAndOutages) {
    const std::string replay = path("replay"), explanation = path("explain");
    for (const auto* wrong : {"01930000-0000-7000-8000-00000000000f", "nonsense"}) {
        id = wrong;
        EXPECT_EQ(admin(path("explain")).status, 404);
        EXPECT_EQ(admin(path("replay")).status, 404);
    }
    EXPECT_EQ(admin(replay + "?x=1").status, 400);
    change([](auto& all) { all.database_away = true; });
    for (const std::string& asked : {replay, explanation, std::string("/admin/v1/reports/money?from=2026-11-21&to=2026-11-21")})
        EXPECT_EQ(admin(asked).status, 503) << asked;
}

TEST_F(AdminInsightTest, MoneyIsBookedOnTheDayOfItsCommit) {
    pay();
    const auto data = report("from=2026-11-21&to=2026-11-21");
    ASSERT_EQ(data.at("items").as_array().size(), 1u) << json::serialize(data);
    const auto& item = data.at("items").at(0).as_object();
    EXPECT_EQ(item.at("date"), "2026-11-21");
    EXPECT_EQ(item.at("session_type"), "coaching-60");
    EXPECT_EQ(item.at("currency"), "usd");
    EXPECT_EQ(item.at("captured"), 12000);
    EXPECT_EQ(item.at("kept"), 0);
    EXPECT_EQ(data.at("totals").at(0).at("closing").at("waiting"), 12000);
    EXPECT_EQ(data.at("totals").at(0).at("opening").at("waiting"), 0);
    EXPECT_EQ(data.at("adds_up"), true);
    EXPECT_EQ(data.at("bookings"), 1);
    EXPECT_TRUE(data.at("next_cursor").is_null());
    EXPECT_EQ(report("from=2026-11-20&to=2026-11-20").at("items"), json::array{}) << "the day before";
    const auto after = report("from=2026-11-22&to=2026-11-30");
    EXPECT_EQ(after.at("items"), json::array{});
    EXPECT_EQ(report("from=2026-11-21T10:00:00Z&to=2026-11-21T10:00:01Z").at("items").as_array().size(), 1u);
    EXPECT_EQ(report("from=2026-11-21T09:00:00Z&to=2026-11-21T10:00:00Z").at("items"), json::array{})
        << "an instant is exclusive";
}

TEST_F(AdminInsightTest, BookingWhoseHistoryGivesOtherMoneyIsAProblem) {
    pay();
    change([](auto& all) { all.events.back().payload = R"({"amount":500})"; });
    const auto data = report("from=2026-11-21&to=2026-11-21");
    EXPECT_EQ(data.at("adds_up"), false);
    EXPECT_EQ(data.at("problems").at(0).at("workflow_id"), json::string(id));
    EXPECT_THAT(std::string(data.at("problems").at(0).at("reason").as_string()), HasSubstr("does not give its stored data"));
}

TEST_F(AdminInsightTest, RangesThatAreNoneAreRefused) {
    for (const auto* query :
         {"from=2026-11-21", "to=2026-11-21", "from=2026-11-22&to=2026-11-21", "from=x&to=y", "from=2020-01-01&to=2026-11-21",
          "from=2026-11-21&to=2026-11-21&cursor=x", "from=2026-11-21&to=2026-11-21&day=1"}) {
        const Answer answer = admin("/admin/v1/reports/money?" + std::string(query));
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_EQ(code_of(answer), "invalid_request") << query;
    }
}

} // namespace
} // namespace appointd::http
