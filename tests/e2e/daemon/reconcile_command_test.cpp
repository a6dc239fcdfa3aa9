#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/daemon/sweeping.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

/// What a command printed, and its exit code.
struct Printed {
    int code = -1;
    std::string text;
};

class ReconcileCommand : public testing::TestWithParam<const char*> {
protected:
    static demo::Pace pace() {
        demo::Pace pace = quick_pace();
        pace.reconcile_after = 60s;
        pace.sweep_every = 1h; // nothing but the command asks
        return pace;
    }
    void SetUp() override {
        stage.daemon().start();
        ASSERT_TRUE(stage.eventually([&] { return sweeps(stage).size() == 3; }));
    }
    Printed run(std::vector<std::string> more) {
        std::vector<std::string> argv{APPOINTD_EXECUTABLE, "reconcile", "--admin", stage.places().admin_url, "--token", "none"};
        argv.insert(argv.end(), more.begin(), more.end());
        const std::string file = stage.directory().string() + "/command" + std::to_string(++runs_) + ".log";
        Child child(argv, {}, file);
        Printed printed;
        printed.code = child.wait(30s).value_or(-1);
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        printed.text = text.str();
        return printed;
    }
    json::object account(const Printed& printed, std::string_view provider) {
        const auto whole = parse_object(printed.text).value_or(json::object{});
        if (const auto* accounts = array_field(whole, "accounts"))
            for (const auto& one : *accounts)
                if (text_field(one.as_object(), "provider") == std::optional(std::string(provider))) return one.as_object();
        return {};
    }

    Stage stage{GetParam(), pace(), unheard_town()};

private:
    int runs_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Stores, ReconcileCommand, testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(ReconcileCommand, DryRunTellsWhatItWouldHealAndChangesNothing) {
    book_on_calendly(stage, "coaching-60", "dry@example.org");
    for (int once = 0; once < 2; ++once) {
        const auto printed = run({"--dry-run", "--json"});
        EXPECT_EQ(printed.code, 0) << printed.text;
        const auto calendly = account(printed, "calendly");
        EXPECT_EQ(int_field(calendly, "healed"), 1) << printed.text;
        const auto* items = array_field(calendly, "items");
        ASSERT_TRUE(items && items->size() == 1) << printed.text;
        const auto& item = items->front().as_object();
        EXPECT_EQ(item.at("type"), "slot.taken");
        EXPECT_EQ(item.at("disposition"), "applied");
        EXPECT_EQ(item.at("to"), "SCHEDULED");
        EXPECT_TRUE(item.at("workflow_id").is_null()) << "a booking that is not there yet";
    }
    EXPECT_THAT(booking_of(stage, "dry@example.org"), IsEmpty());
}

TEST_P(ReconcileCommand, HealsPrintsItAndFindsNothingTheSecondTime) {
    book_on_calendly(stage, "coaching-60", "heal@example.org");
    const auto printed = run({"--reason", "webhooks were lost"});
    EXPECT_EQ(printed.code, 0) << printed.text;
    EXPECT_THAT(printed.text, HasSubstr("1 healed"));
    EXPECT_THAT(printed.text, HasSubstr("slot.taken"));
    const auto booking = booking_of(stage, "heal@example.org");
    ASSERT_FALSE(booking.empty());
    const auto history =
        stage.get(stage.places().admin_url + "/admin/v1/workflows/" + text_field(booking, "id").value() + "/history");
    EXPECT_THAT(history.body, HasSubstr(R"("source":"reconcile")"));

    Customer customer(stage, "coaching-60", "heal@example.org");
    customer.adopt(text_field(booking, "id").value());
    customer.await_link("checkout");
    customer.pay();
    const auto dry = run({"--since", "1h", "--provider", "stripe", "--dry-run"});
    EXPECT_THAT(dry.text, HasSubstr("PAYMENT_PENDING>CONFIRMED")) << dry.text;
    EXPECT_EQ(customer.state(), "PAYMENT_PENDING");
    EXPECT_EQ(run({"--since", "1h", "--provider", "stripe"}).code, 0);
    customer.await_state("CONFIRMED");

    const auto again = run({"--since", "1h", "--json"});
    EXPECT_EQ(again.code, 0) << again.text;
    EXPECT_THAT(again.text, HasSubstr(R"("healed":0)"));
}

TEST_P(ReconcileCommand, IsAuditedInTheHistoryOfTheSweeps) {
    ASSERT_EQ(run({"--actor", "kim", "--reason", "a try"}).code, 0);
    for (const auto& one : sweeps(stage)) {
        const auto history =
            stage.get(stage.places().admin_url + "/admin/v1/workflows/" + text_field(one, "id").value() + "/history");
        EXPECT_THAT(history.body, HasSubstr(R"("actor":"kim")"));
        EXPECT_THAT(history.body, HasSubstr("a try"));
    }
}

TEST_P(ReconcileCommand, ProviderThatDoesNotTellIsAFailure) {
    sandbox::Fault fault;
    fault.kind = sandbox::FaultKind::error_before;
    fault.provider = sandbox::Provider::stripe;
    fault.route = "GET /v1/events";
    stage.sandbox().faults().add(fault);
    const auto printed = run({});
    EXPECT_EQ(printed.code, 1) << printed.text;
    EXPECT_THAT(printed.text, HasSubstr("stripe_500"));
    EXPECT_THAT(printed.text, HasSubstr("calendly"));
    EXPECT_EQ(run({"--since", "soon"}).code, 2);
    EXPECT_EQ(run({"--provider", "bank"}).code, 1);
}

} // namespace
} // namespace appointd::e2e
