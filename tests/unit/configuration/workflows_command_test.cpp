#include "daemon/workflows_command.hpp"
#include "daemon/workflows_text.hpp"

#include "tests/support/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace appointd::daemon {

using ::testing::HasSubstr;
using ::testing::Not;

namespace {

/// An admin API that remembers what it was asked and always answers the same.
struct AdminApi {
    explicit AdminApi(int status, std::string body)
        : server(loop, net::ServerLimits{}, [this, status, body](net::Request request) -> boost::asio::awaitable<net::Response> {
              asked = std::move(request);
              net::Response response;
              response.status = status;
              response.body = body;
              co_return response;
          }) {}
    testing_support::Loop loop;
    net::Request asked;
    testing_support::LoopbackServer server;
};

struct Ran {
    int code = 0;
    std::string out, err;
};

Ran run(const std::string& url, Action action, bool json = false, const Environment& environment = {}) {
    WorkflowsCommand command;
    command.admin = url;
    command.json = json;
    command.action = std::move(action);
    std::ostringstream out, err;
    const int code = run_workflows(command, environment, out, err);
    return {code, out.str(), err.str()};
}

} // namespace

TEST(AdminRequest, EachActionThenItsCall) {
    EXPECT_EQ(admin_request(action::List{"CONFIRMED", "booking", "a b", "C", "dispute", 7}).url,
              "/admin/v1/workflows?limit=7&state=CONFIRMED&kind=booking&q=a%20b&attention=dispute&cursor=C");
    EXPECT_EQ(admin_request(action::Show{"../x"}).url, "/admin/v1/workflows/..%2Fx");
    EXPECT_EQ(admin_request(action::History{"I", "7"}).url, "/admin/v1/workflows/I/history?limit=200&cursor=7");
    EXPECT_EQ(admin_request(action::DeadLetters{"", 3}).url, "/admin/v1/dead-letters?limit=3");
    EXPECT_EQ(admin_request(action::Explain{"I"}).url, "/admin/v1/workflows/I/explain");
    EXPECT_EQ(admin_request(action::Replay{"I"}).url, "/admin/v1/workflows/I/replay");
    const auto retry = admin_request(action::OnActivity{"retry", "I.7.0", {"ada", "fixed"}, false});
    EXPECT_EQ(retry.method + retry.url, "POST/admin/v1/activities/I.7.0/retry");
    EXPECT_EQ(canonical(*parse_object(retry.body)), R"({"actor":"ada","reason":"fixed"})");
    const auto skip = admin_request(action::OnActivity{"skip", "I.7.0", {}, true});
    EXPECT_EQ(skip.method + skip.url, "POST/admin/v1/activities/I.7.0/skip");
    EXPECT_EQ(canonical(*parse_object(skip.body)), R"({"dry_run":true})");
    const auto requeue = admin_request(action::Requeue{"E", {}});
    EXPECT_EQ(requeue.method + requeue.url, "POST/admin/v1/dead-letters/E/requeue");
    const auto event = admin_request(action::SendEvent{"I", "operator.cancel", R"({"refund":"full"})", {"ada", "ill"}, true});
    EXPECT_EQ(event.method + event.url, "POST/admin/v1/workflows/I/events");
    EXPECT_EQ(canonical(*parse_object(event.body)),
              R"({"actor":"ada","dry_run":true,"payload":{"refund":"full"},"reason":"ill","type":"operator.cancel"})");
}

TEST(WorkflowsCommand, ListThenATableAndTheTokenWasSent) {
    AdminApi api(200, R"({"data":{"items":[{"id":"I1","kind":"booking","state":"CONFIRMED","attention":[{"reason":"dispute"}],
                          "created_at":"2026-12-01T09:00:00Z"},{"id":"I2","kind":"booking","state":"INITIATED"}],"next_cursor":"N"},"error":null})");
    const Ran ran = run(api.server.url(), action::List{}, false, {{"APPOINTD_ADMIN_TOKEN", "sesame"}});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, "ID  KIND     STATE      ATTENTION  CREATED               CHANGED\n"
                       "I1  booking  CONFIRMED  dispute    2026-12-01T09:00:00Z\n"
                       "I2  booking  INITIATED\n"
                       "more: --cursor N\n");
    EXPECT_EQ(net::find_header(api.asked.headers, "authorization"), "Bearer sesame");
}

TEST(WorkflowsCommand, JsonThenTheAnswerAsItCame) {
    AdminApi api(200, R"({"data":{"items":[]},"error":null})");
    const Ran ran = run(api.server.url(), action::List{}, true);
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, "{\"data\":{\"items\":[]},\"error\":null}\n");
}

TEST(WorkflowsCommand, ReplayThatDiffersThenCodeOneAndWhere) {
    AdminApi same(200, R"({"data":{"id":"I","same":true,"events":12,"first":null,"differences":[]},"error":null})");
    const Ran good = run(same.server.url(), action::Replay{"I"});
    EXPECT_EQ(good.code, 0);
    EXPECT_EQ(good.out, "the history gives the stored workflow, byte for byte (12 events)\n");
    AdminApi other(
        200,
        R"x({"data":{"id":"I","same":false,"events":12,"first":{"seq":5,"type":"slot.taken","recorded":"applied A>B","replayed":"ignored (late)"},
            "differences":[{"what":"state","stored":"B","replayed":"A","changes":[]},
                           {"what":"data","stored":null,"replayed":null,"changes":[{"path":"slot.phase","before":"held","after":"free"}]}]},"error":null})x");
    const Ran bad = run(other.server.url(), action::Replay{"I"});
    EXPECT_EQ(bad.code, 1);
    EXPECT_EQ(bad.out, "the history does not give what is stored (12 events)\n"
                       "first at number 5, slot.taken\n  recorded: applied A>B\n  replayed: ignored (late)\n"
                       "DIFFERS          STORED  REPLAYED\n"
                       "state            B       A\n"
                       "data slot.phase  held    free\n");
    EXPECT_EQ(run(other.server.url(), action::Replay{"I"}, true).code, 1) << "for programs, too";
}

TEST(WorkflowsCommand, RefusedThenCodeOneAndTheReason) {
    AdminApi api(409, R"({"data":null,"error":{"code":"refused","message":"already over","details":null}})");
    const Ran ran = run(api.server.url(), action::SendEvent{"I", "operator.cancel", "{}", {"ada", ""}, false});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("409 refused: already over"));
    EXPECT_EQ(ran.out, "");
}

TEST(WorkflowsCommand, InvalidThenEveryFaultIsShown) {
    AdminApi api(
        400,
        R"({"data":null,"error":{"code":"invalid_request","message":"m","details":[{"field":"payload.amount","message":"is required"}]}})");
    EXPECT_THAT(run(api.server.url(), action::SendEvent{"I", "operator.refund", "{}", {}, false}).err,
                HasSubstr("payload.amount is required"));
}

TEST(WorkflowsCommand, TokenRefusedThenSaysHowToGiveOne) {
    AdminApi api(401, "{}");
    EXPECT_THAT(run(api.server.url(), action::Show{"I"}).err, HasSubstr("APPOINTD_ADMIN_TOKEN"));
}

TEST(WorkflowsCommand, NobodyListensThenCodeOneAndAHint) {
    const Ran ran = run("http://127.0.0.1:1", action::Show{"I"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("http://127.0.0.1:1"));
}

TEST(WorkflowsCommand, NotTheAdminApiThenCodeOne) {
    AdminApi api(200, "<html>");
    EXPECT_EQ(run(api.server.url(), action::Show{"I"}).code, 1);
}

TEST(WorkflowsCommand, BadConfigurationThenCodeTwo) {
    EXPECT_EQ(run("http://127.0.0.1:1", action::Show{"I"}, false, {{"APPOINTD_ENGINE_LEASE", "x"}}).code, 2);
}

TEST(ActionText, DetailThenStateActivitiesTimersAndData) {
    const auto data =
        parse_object(R"({"id":"I1","state":"CONFIRMED","attention":[],"activities":[{"id":"I1.2.0","kind":"meeting.create",
        "state":"open","attempts":3,"last_error":"zoom_503: try later"}],"timers":[{"name":"completion","at":"2026-12-01T10:15:00Z"}],
        "data":{"money":{"captured":12000}}})");
    const std::string text = action_text(action::Show{"I1"}, *data);
    for (const auto* part : {"id     I1", "I1.2.0", "meeting.create", "3", "zoom_503: try later", "completion",
                             "2026-12-01T10:15:00Z", "money  {\"captured\":12000}"}) {
        EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_THAT(text, Not(HasSubstr("attention")));
}

TEST(ActionText, ExplanationThenItsText) {
    EXPECT_EQ(action_text(action::Explain{"I"}, *parse_object(R"({"text":"State\n  INITIATED.\n"})")), "State\n  INITIATED.\n");
}

TEST(ActionText, DryRunThenEveryChangeALine) {
    const auto data = parse_object(
        R"json({"dry_run":true,"workflow_id":"I","disposition":"applied","reason":"canceled by an operator","state_before":"CONFIRMED","state":"CANCELED",
            "attention":["dispute"],"activities":[{"kind":"refund.create","request":{"a":1}}],"reopens":[],"skips":["I.2.0"],
            "derived":[{"type":"ledger.settled","disposition":"applied","reason":"all money went back"}],
            "timer_changes":[{"name":"completion","before":"2026-12-01T10:15:00Z","after":null}],
            "data_changes":[{"path":"money.refunding","before":0,"after":12000}]})json");
    EXPECT_EQ(action_text(action::SendEvent{"I", "operator.cancel", "{}", {}, true}, *data),
              "dry run      nothing was changed\n"
              "workflow_id  I\n"
              "disposition  applied\n"
              "reason       canceled by an operator\n"
              "state        CONFIRMED > CANCELED\n"
              "attention    dispute\n"
              "call         refund.create {\"a\":1}\n"
              "skips        [\"I.2.0\"]\n"
              "then         ledger.settled applied (all money went back)\n"
              "timer        completion: 2026-12-01T10:15:00Z > none\n"
              "data         money.refunding: 0 > 12000\n");
}

TEST(ActionText, HistoryThenOneLineAnEvent) {
    const auto data =
        parse_object(R"({"items":[{"seq":1,"occurred_at":"T","source":"api","type":"booking.requested","disposition":"applied",
        "result":">INITIATED","reason":""}],"next_cursor":null})");
    EXPECT_EQ(action_text(action::History{"I1", ""}, *data),
              "SEQ  OCCURRED  SOURCE  TYPE               DISPOSITION  STEP        REASON\n"
              "1    T         api     booking.requested  applied      >INITIATED\n");
    EXPECT_EQ(action_text(action::DeadLetters{}, *parse_object(R"({"items":[]})")), "no dead letters\n");
}

} // namespace appointd::daemon
