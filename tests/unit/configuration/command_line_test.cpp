#include "daemon/command_line.hpp"

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
    EXPECT_TRUE(list.attention);
    EXPECT_EQ(list.limit, 5);
    EXPECT_EQ(list.q, "ada");
    EXPECT_EQ(acted<action::Show>("workflows show ID").id, "ID");
    EXPECT_EQ(acted<action::History>("workflows history ID").id, "ID");
    EXPECT_EQ(acted<action::Retry>("workflows retry ID.7.0").activity, "ID.7.0");
    EXPECT_EQ(acted<action::Retry>("workflows retry ID.7.0 --actor ada --reason fixed").person.reason, "fixed");
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
    for (const auto* name : {"serve", "demo", "sandbox", "migrate", "check-config", "workflows", "diagram", "version"}) {
        EXPECT_EQ(refused({name, "--help"}).code, 0) << name;
    }
    for (const auto* name : {"list", "show", "history", "event", "retry", "dead-letters", "requeue"}) {
        const Exit help = refused({"workflows", name, "--help"});
        EXPECT_EQ(help.code, 0) << name;
        EXPECT_THAT(help.text, HasSubstr(name));
    }
    EXPECT_THAT(refused({"serve", "--help"}).text, HasSubstr("APPOINTD_ENGINE_LEASE"));
}

} // namespace appointd::daemon
