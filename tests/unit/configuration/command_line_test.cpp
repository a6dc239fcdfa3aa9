#include "daemon/command_line.hpp"
#include "foundation/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace appointd::daemon {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

std::variant<Command, Exit> parse(const std::vector<std::string>& arguments, const Environment& environment = {}) {
    return parse_command_line(arguments, environment);
}

/// Words divided by spaces.
template <class T> T parsed(const std::string& line, const Environment& environment = {}) {
    std::istringstream words(line);
    const auto result = parse({std::istream_iterator<std::string>(words), {}}, environment);
    if (const auto* exit = std::get_if<Exit>(&result)) {
        ADD_FAILURE() << exit->text;
        return {};
    }
    return std::get<T>(std::get<Command>(result));
}

template <class T> T acted(const std::string& line, const Environment& environment = {}) {
    return std::get<T>(parsed<WorkflowsCommand>(line, environment).action);
}

Exit refused(const std::vector<std::string>& arguments) {
    const auto result = parse(arguments);
    if (const auto* exit = std::get_if<Exit>(&result)) return *exit;
    ADD_FAILURE() << "was accepted";
    return {};
}

} // namespace

TEST(CommandLine, EachCommandThenItsOptions) {
    EXPECT_EQ(parsed<ServeCommand>("serve --config a.toml").config, "a.toml");
    EXPECT_FALSE(parsed<ServeCommand>("serve").config);
    EXPECT_EQ(parsed<MigrateCommand>("migrate --config=a.toml").config, "a.toml");
    EXPECT_TRUE(parsed<CheckConfigCommand>("check-config --json").json);
    EXPECT_EQ(parsed<DiagramCommand>("diagram").kind, "booking");
    EXPECT_EQ(parsed<DiagramCommand>("diagram errand").kind, "errand");
    EXPECT_TRUE(parsed<VersionCommand>("version --json").json);
    EXPECT_FALSE(parsed<VersionCommand>("--version").json);
    EXPECT_EQ(parsed<SandboxCommand>("sandbox --listen 127.0.0.1:9 --webhook-base http://127.0.0.1:1").webhook_base,
              "http://127.0.0.1:1");
}

TEST(CommandLine, DemoThenNumbersAndStores) {
    const auto demo = parsed<DemoCommand>("demo --bookings 50 --seed 7 --keep --store sqlite:///a.db --store postgresql://x");
    EXPECT_EQ(demo.bookings, 50);
    EXPECT_EQ(demo.seed, 7U);
    EXPECT_TRUE(demo.keep);
    EXPECT_THAT(demo.stores, ElementsAre("sqlite:///a.db", "postgresql://x"));
    EXPECT_EQ(refused({"demo", "--bookings", "0"}).code, 2);
    EXPECT_EQ(refused({"demo", "--bookings", "many"}).code, 2);
}

TEST(CommandLine, ReconcileThenWhenWhereAndWho) {
    EXPECT_TRUE(parsed<DemoCommand>("demo --drop-webhooks").drop_webhooks);
    const auto usual = parsed<ReconcileCommand>("reconcile", {{"USER", "kim"}});
    EXPECT_EQ(usual.since, "");
    EXPECT_EQ(usual.person.actor, "kim");
    EXPECT_FALSE(usual.dry_run || usual.json || usual.admin);
    const auto asked =
        parsed<ReconcileCommand>("reconcile --since 24h --provider stripe --dry-run --json --reason outage --admin http://a:1");
    EXPECT_EQ(asked.since, "24h");
    EXPECT_EQ(asked.provider, "stripe");
    EXPECT_TRUE(asked.dry_run && asked.json);
    EXPECT_EQ(asked.person.reason, "outage");
    EXPECT_EQ(asked.admin, "http://a:1");
}

TEST(CommandLine, WorkflowsThenEachAction) {
    const auto list = acted<action::List>("workflows list --state CONFIRMED --attention --limit 5 --search ada");
    EXPECT_EQ(list.state, "CONFIRMED");
    EXPECT_EQ(list.attention, "true");
    EXPECT_EQ(list.limit, 5);
    EXPECT_EQ(list.q, "ada");
    EXPECT_EQ(acted<action::Show>("workflows show ID").id, "ID");
    EXPECT_EQ(acted<action::History>("workflows history ID").id, "ID");
    EXPECT_EQ(acted<action::List>("workflows list --attention dispute").attention, "dispute");
    EXPECT_EQ(acted<action::List>("workflows list").attention, "");
    EXPECT_EQ(acted<action::Explain>("workflows explain ID").id, "ID");
    EXPECT_EQ(acted<action::Replay>("workflows replay ID").id, "ID");
    const auto retry = acted<action::OnActivity>("workflows retry ID.7.0 --actor ada --reason fixed");
    EXPECT_EQ(retry.verb + " " + retry.activity, "retry ID.7.0");
    EXPECT_EQ(retry.person.reason, "fixed");
    EXPECT_FALSE(retry.dry_run);
    const auto skip = acted<action::OnActivity>("workflows skip ID.7.0 --dry-run");
    EXPECT_EQ(skip.verb + " " + skip.activity, "skip ID.7.0");
    EXPECT_TRUE(skip.dry_run);
    EXPECT_EQ(acted<action::DeadLetters>("workflows dead-letters").limit, 50);
    EXPECT_EQ(acted<action::Requeue>("workflows requeue E").id, "E");
}

TEST(CommandLine, EventByHandThenPayloadActorAndReason) {
    const auto event = acted<action::SendEvent>(
        R"(workflows event ID operator.cancel --payload {"refund":"full"} --reason ill --dry-run)", {{"USER", "ada"}});
    EXPECT_EQ(event.id, "ID");
    EXPECT_EQ(event.type, "operator.cancel");
    EXPECT_EQ(event.payload, R"({"refund":"full"})");
    EXPECT_EQ(event.person.actor, "ada");
    EXPECT_EQ(event.person.reason, "ill");
    EXPECT_TRUE(event.dry_run);
    EXPECT_EQ(refused({"workflows", "event", "ID", "operator.cancel", "--payload", "[1]"}).code, 2);
}

TEST(CommandLine, OperatorActionsThenTheirEvents) {
    struct Case {
        std::string line, type, payload;
    };
    const std::vector<Case> cases{
        {"cancel ID", "operator.cancel", "{}"},
        {"cancel ID --refund full", "operator.cancel", R"({"refund":"full"})"},
        {"cancel ID --refund 2500", "operator.cancel", R"({"refund":2500})"},
        {"refund ID 500", "operator.refund", R"({"amount":500})"},
        {"refund ID 500 --payment pi_1", "operator.refund", R"({"amount":500,"payment":"pi_1"})"},
        {"mark-paid ID --amount 12000 --reference cash", "operator.mark_paid", R"({"amount":12000,"reference":"cash"})"},
        {"mark-paid ID --payment pi_1 --reference r --amount 1", "operator.mark_paid",
         R"({"amount":1,"payment":"pi_1","reference":"r"})"},
        {"refunded-elsewhere ID 70 --reference wire", "operator.refunded_elsewhere", R"({"amount":70,"reference":"wire"})"},
        {"complete ID", "operator.complete", "{}"},
        {"no-show ID host", "operator.no_show", R"({"who":"host"})"},
        {"resolve ID dispute --note settled", "operator.resolve", R"({"note":"settled","reason":"dispute"})"},
        {"note ID hello", "operator.note", R"({"text":"hello"})"}};
    for (const Case& one : cases) {
        const auto event = acted<action::SendEvent>("workflows " + one.line + " --actor ada --reason asked --dry-run");
        EXPECT_EQ(event.id, "ID") << one.line;
        EXPECT_EQ(event.type, one.type) << one.line;
        EXPECT_EQ(canonical(*parse_object(event.payload)), one.payload) << one.line;
        EXPECT_EQ(event.person.actor + " " + event.person.reason, "ada asked") << one.line;
        EXPECT_TRUE(event.dry_run) << one.line;
    }
    EXPECT_EQ(acted<action::SendEvent>("workflows complete ID", {{"USER", "eve"}}).person.actor, "eve");
    EXPECT_FALSE(acted<action::SendEvent>("workflows complete ID").dry_run);
}

TEST(CommandLine, OperatorActionThatDoesNotFitThenRefusedBeforeItIsSent) {
    for (const std::vector<std::string>& line : {std::vector<std::string>{"cancel", "ID", "--refund", "half"},
                                                 {"cancel", "ID", "--refund", "-5"},
                                                 {"refund", "ID"},
                                                 {"refund", "ID", "12.50"},
                                                 {"refund", "ID", "0"},
                                                 {"mark-paid", "ID"},
                                                 {"no-show", "ID", "nobody"},
                                                 {"resolve", "ID"},
                                                 {"note", "ID", ""},
                                                 {"refunded-elsewhere", "ID", "5"},
                                                 {"skip"}}) {
        std::vector<std::string> whole{"workflows"};
        whole.insert(whole.end(), line.begin(), line.end());
        EXPECT_EQ(refused(whole).code, 2) << line[0];
    }
}

TEST(CommandLine, ReportThenItsDaysAndItsForm) {
    const auto report = parsed<ReportCommand>("report money --from 2026-12-01 --to 2026-12-31 --csv --admin http://h:1");
    EXPECT_EQ(report.from + " " + report.to, "2026-12-01 2026-12-31");
    EXPECT_TRUE(report.csv);
    EXPECT_FALSE(report.json);
    EXPECT_EQ(report.admin, "http://h:1");
    EXPECT_EQ(refused({"report", "money", "--from", "2026-12-01"}).code, 2);
    EXPECT_EQ(refused({"report", "money", "--from", "a", "--to", "b", "--csv", "--json"}).code, 2);
    EXPECT_EQ(refused({"report"}).code, 2);
}

TEST(CommandLine, AdminOptionsThenBeforeOrAfterTheAction) {
    for (const auto* line :
         {"workflows --admin http://h:1 --token t --json show ID", "workflows show ID --admin http://h:1 --token t --json"}) {
        const auto command = parsed<WorkflowsCommand>(line);
        EXPECT_EQ(command.admin, "http://h:1");
        ASSERT_TRUE(command.token);
        EXPECT_EQ(command.token->reveal(), "t");
        EXPECT_TRUE(command.json);
    }
}

TEST(CommandLine, WrongLineThenCodeTwoAndAHint) {
    const Exit unknown = refused({"serve", "--confg", "x"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.text, HasSubstr("--confg"));
    EXPECT_THAT(unknown.text, HasSubstr("appointd serve --help"));
    EXPECT_EQ(refused({}).code, 2);
    EXPECT_EQ(refused({"bogus"}).code, 2);
    EXPECT_EQ(refused({"workflows"}).code, 2);
    EXPECT_EQ(refused({"workflows", "show"}).code, 2);
    EXPECT_EQ(refused({"serve", "extra"}).code, 2);
}

TEST(CommandLine, HelpThenCodeZeroEverywhere) {
    EXPECT_EQ(refused({"--help"}).code, 0);
    EXPECT_THAT(refused({"--help"}).text, HasSubstr("check-config"));
    for (const auto* name :
         {"serve", "demo", "sandbox", "migrate", "check-config", "workflows", "report", "diagram", "version"}) {
        EXPECT_EQ(refused({name, "--help"}).code, 0) << name;
    }
    for (const auto* name : {"list", "show", "explain", "history", "replay", "event", "retry", "skip", "dead-letters", "requeue",
                             "cancel", "refund", "mark-paid", "refunded-elsewhere", "complete", "no-show", "resolve", "note"}) {
        const Exit help = refused({"workflows", name, "--help"});
        EXPECT_EQ(help.code, 0) << name;
        EXPECT_THAT(help.text, HasSubstr(name));
    }
    EXPECT_THAT(refused({"serve", "--help"}).text, HasSubstr("APPOINTD_ENGINE_LEASE"));
    EXPECT_THAT(refused({"sandbox", "--help"}).text, HasSubstr("/mailbox"));
}

} // namespace appointd::daemon
