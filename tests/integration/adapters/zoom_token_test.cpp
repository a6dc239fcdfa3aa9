#include "tests/integration/adapters/zoom_fake.hpp"

namespace appointd::adapters::tests {
namespace {

constexpr std::string_view token_call = "/oauth/token";

class ZoomToken : public ZoomTest {
protected:
    engine::AttemptResult remove() { return carry_out("meeting.delete", naming(1)); }
};

TEST_F(ZoomToken, IsAskedForOnceHoweverManyNeedIt) {
    fake.fault(std::string(token_call), Fake::Mishap::late);
    std::vector<std::future<engine::AttemptResult>> calls;
    for (int i = 0; i < 20; ++i) calls.push_back(begin(attempt("meeting.delete", naming(i))));
    for (auto& call : calls) EXPECT_EQ(call.get().kind, Kind::succeeded);
    EXPECT_EQ(fake.issued, 1);
}

TEST_F(ZoomToken, IsKeptUntilAMinuteBeforeItsEnd) {
    remove();
    clock.pass(58min);
    remove();
    EXPECT_EQ(fake.issued, 1);
    clock.pass(1min + 1s);
    remove();
    EXPECT_EQ(fake.issued, 2);
}

TEST_F(ZoomToken, ThatZoomRefusesIsRenewedOnceAndTheCallRepeated) {
    remove();
    fake.tokens = {"somebody else's"};
    EXPECT_EQ(remove().kind, Kind::succeeded);
    EXPECT_EQ(fake.issued, 2);
    fake.fault("DELETE", Fake::Mishap::answer, ZoomFake::error(400, 124, "Access token is expired."));
    EXPECT_EQ(remove().kind, Kind::succeeded);
    EXPECT_EQ(fake.issued, 3);
}

TEST_F(ZoomToken, RefusedTwiceIsAFailure) {
    for (int i = 0; i < 2; ++i)
        fake.fault("DELETE", Fake::Mishap::answer,
                   ZoomFake::error(401, 4700, "Invalid access token, does not contain scopes:[meeting:delete]"));
    const auto refused = remove();
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "zoom_401_4700");
}

TEST_F(ZoomToken, RefusedCredentialsFailForGood) {
    fake.fault(std::string(token_call), Fake::Mishap::answer,
               json_response(400, json::object{{"reason", "unsupported grant type"}, {"error", "unsupported_grant_type"}}));
    const auto refused = remove();
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "zoom_400_unsupported_grant_type");
}

TEST_F(ZoomToken, TroubleWithTheTokenCountsForNobodyAndIsSharedByAll) {
    fake.fault(std::string(token_call), Fake::Mishap::drop);
    EXPECT_EQ(remove().kind, Kind::wait);
    fake.fault(std::string(token_call), Fake::Mishap::answer, {503, {}, "<html>"});
    const auto trouble = remove();
    EXPECT_EQ(trouble.kind, Kind::wait);
    EXPECT_FALSE(trouble.provider_ok);
    EXPECT_EQ(remove().kind, Kind::succeeded);
}

} // namespace
} // namespace appointd::adapters::tests
