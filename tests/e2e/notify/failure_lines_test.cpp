// One attempt that does not succeed, one line in the log: whoever was called, and whatever they said.
#include "net/reserved_port.hpp"
#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/notify/daemon_log.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

#include <map>
#include <set>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class FailureLines : public testing::Test {
protected:
    void fault(Provider provider, std::string route, int status) {
        sandbox::Fault fault;
        fault.kind = sandbox::FaultKind::error_before;
        fault.provider = provider;
        fault.route = std::move(route);
        fault.status = status;
        fault.count = 1;
        stage.sandbox().faults().add(fault);
    }
    /// The code of the failure that each provider's lane had first.
    std::map<std::string, std::string> codes() const {
        std::map<std::string, std::string> first;
        for (const json::object& line : failures_told(stage)) {
            const std::string kind = text_or_empty(line, "kind");
            first.emplace(kind, text_or_empty(line, "code"));
        }
        return first;
    }

    net::ReservedPort nobody; ///< where the webhook endpoint should listen
    Stage stage{"sqlite",
                quick_pace(),
                {},
                demo::Setup{.toml = {},
                            .environment = {{"APPOINTD_WEBHOOK_ENDPOINTS",
                                             "[[webhook_endpoint]]\nname = \"crm\"\nurl = \"http://" + nobody.address() +
                                                 "/hooks\"\n"
                                                 "secrets = [\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]\n"}}}};
};

TEST_F(FailureLines, EveryProvidersRefusalThenOneLineThatSaysWhatAnOperatorNeeds) {
    fault(Provider::calendly, "POST /scheduling_links", 500);
    fault(Provider::stripe, "POST /v1/checkout/sessions", 429); // a 5xx spends its key, and tells of that
    fault(Provider::zoom, "POST /v2/users", 500);
    fault(Provider::mail, "DATA", 451);
    stage.daemon().start();
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.pay();
    ann.await_link("meeting");
    const std::map<std::string, std::string> wanted{{"link.create", "calendly_500"},
                                                    {"checkout.create", "stripe_429"},
                                                    {"meeting.create", "zoom_500"},
                                                    {"mail.send", "mail_451"},
                                                    {"webhook.send", "webhook_unreachable"}};
    const auto all_are_told = [&] {
        const auto told = codes();
        return std::ranges::all_of(wanted, [&](const auto& one) {
            const auto found = told.find(one.first);
            return found != told.end() && found->second.starts_with(one.second);
        });
    };
    EXPECT_TRUE(stage.eventually(all_are_told)) << testing::PrintToString(codes());

    std::set<std::string> attempts;
    for (const json::object& line : failures_told(stage)) {
        const std::string words = json::serialize(line);
        EXPECT_TRUE(
            attempts.insert(text_or_empty(line, "activity") + "#" + std::to_string(int_field(line, "attempt").value_or(-1)))
                .second)
            << "told twice: " << words;
        EXPECT_EQ(text_or_empty(line, "workflow"), ann.id()) << words;
        EXPECT_EQ(text_or_empty(line, "next"), "made again by itself") << words;
        for (const auto* field : {"code", "message", "lane", "kind", "outcome"})
            EXPECT_NE(text_or_empty(line, field), "") << words;
        EXPECT_THAT(words, Not(HasSubstr("ann.poe")));
    }
    for (const json::object& line : failures_told(stage)) {
        if (text_or_empty(line, "kind") != "checkout.create") continue;
        EXPECT_THAT(text_or_empty(line, "message"), HasSubstr("(req_")) << "Stripe's support asks for it";
    }
}

TEST_F(FailureLines, ARefusalForGoodThenAWarningThatNamesTheNextCommand) {
    fault(Provider::mail, "RCPT", 550);
    stage.daemon().start();
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.await_attention("activity_exhausted");
    bool told = false;
    for (const json::object& line : failures_told(stage)) {
        if (text_or_empty(line, "kind") != "mail.send") continue;
        told = true;
        EXPECT_EQ(text_or_empty(line, "level"), "warn");
        EXPECT_THAT(text_or_empty(line, "code"), StartsWith("mail_550"));
        EXPECT_EQ(text_or_empty(line, "next"), "appointd workflows explain " + ann.id());
    }
    EXPECT_TRUE(told);
}

} // namespace
} // namespace appointd::e2e
