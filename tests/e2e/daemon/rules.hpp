#pragma once

#include "tests/e2e/daemon/by_hand.hpp"
#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/daemon/offers.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {

/// A rule, told as a scenario: the real daemon on the store of the parameter, before a sandbox that plays no tricks of its own.
/// Nothing moves but by what the test does, unless its suite gives a pace of its own.
class Rules : public testing::TestWithParam<const char*> {
protected:
    explicit Rules(demo::Pace pace = steady_pace(), demo::Setup more = more_session_types());
    void SetUp() override;

    void fault(sandbox::FaultKind kind, sandbox::Provider provider, std::string route = "", std::optional<int> count = {});
    /// Holds such webhooks back for so long, `count` of them.
    void delay(sandbox::Provider provider, std::string type, std::chrono::milliseconds by, int count = 1);
    /// Lets webhooks that wait go in that order ("as_sent", "reversed", "shuffled"), and all later ones at once.
    void deliver(std::string_view order);
    /// The one workflow whose search text holds `text`.
    std::string found_by(const std::string& text);
    std::size_t count_of_workflows();
    std::size_t dead_letters();
    /// Rows of events that no workflow has, ignored with that reason: straight from the database, for no route shows them.
    std::size_t ignored_in_the_inbox(const std::string& reason);
    /// A sample of /metrics, 0 where it is not there; `name` with its labels as they stand there.
    double metric(const std::string& name);

    /// Whole seconds, as the providers count.
    static Time now() { return ByHand::now(); }

    Stage stage;
    ByHand hand{stage};
};

#define APPOINTD_ON_BOTH_STORES(suite)                                                                                           \
    INSTANTIATE_TEST_SUITE_P(Stores, suite, testing::Values("sqlite", "postgresql"),                                             \
                             [](const auto& test) { return std::string(test.param); })

} // namespace appointd::e2e
