#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

#include <future>

namespace appointd::http {
namespace {

using testing::HasSubstr;

struct OpenAdminTest : House {};

TEST_F(OpenAdminTest, PublicListenerServesNoAdmin) {
    for (const auto* path : {"/admin/v1/workflows", "/metrics", "/healthz", "/readyz", "/admin/v1/definitions/booking", "/"})
        EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(admin("/api/bookings/01930000-0000-7000-8000-000000000001").status, 404);
    EXPECT_EQ(ask_admin("POST", "/webhooks/stripe", "{}").status, 404);
}

TEST_F(OpenAdminTest, WithoutATokenForeignPagesAreRefused) {
    testing_support::RawClient rebinding(inside->port()), form(inside->port()), local(inside->port());
    EXPECT_EQ(rebinding.ask("GET /admin/v1/workflows HTTP/1.1\r\nHost: evil.test\r\n\r\n").status, 403);
    EXPECT_EQ(form.ask("POST /admin/v1/dead-letters/x/requeue HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: "
                       "http://evil.test\r\nContent-Length: 0\r\n\r\n")
                  .status,
              403);
    EXPECT_EQ(local.ask("GET /admin/v1/workflows HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\n\r\n").status,
              200);
}

TEST_F(OpenAdminTest, HealthAndReadiness) {
    EXPECT_EQ(admin("/healthz").status, 200);
    EXPECT_EQ(data_of(admin("/readyz")).at("status"), "ready");
    change([](auto& all) { all.database_away = true; });
    EXPECT_EQ(admin("/healthz").status, 200);
    const Answer away = admin("/readyz");
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(code_of(away), "database_unavailable");
    EXPECT_FALSE(away.header("Retry-After").empty());
}

TEST_F(OpenAdminTest, SlowQuestionsOfOthersDoNotMakeItUnready) {
    change([](auto& all) { all.lists_held = true; });
    std::vector<std::future<int>> slow;
    for (int n = 0; n < 2; ++n)
        slow.push_back(std::async(std::launch::async, [&] { return admin("/admin/v1/workflows").status; }));
    {
        std::unique_lock lock(world.mutex);
        world.changed.wait(lock, [&] { return world.lists_waiting == 2; }); // every reader of the pool is taken
    }
    EXPECT_EQ(admin("/readyz").status, 200);
    change([](auto& all) { all.lists_held = false; });
    world.changed.notify_all();
    for (auto& answer : slow) EXPECT_EQ(answer.get(), 200);
}

TEST_F(OpenAdminTest, MetricsAreRenderedAlsoWhileTheStoreIsAway) {
    const Answer answer = admin("/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.header("Content-Type"), testing::StartsWith("text/plain; version=0.0.4"));
    EXPECT_EQ(answer.body, "appointd_deferred 0\n");
    change([](auto& all) { all.database_away = true; });
    EXPECT_EQ(admin("/metrics").body, "appointd_store_reachable 0\n");
}

TEST_F(OpenAdminTest, HeadIsServedWithoutABody) {
    const Answer answer = ask_admin("HEAD", "/healthz");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Length"), std::to_string(admin("/healthz").body.size()));
}

Settings with_admin_token() {
    Settings settings;
    settings.admin_token = "admin-secret";
    return settings;
}

struct GuardedAdminTest : House {
    GuardedAdminTest() : House(with_admin_token()) {}
};

TEST_F(GuardedAdminTest, TokenIsCheckedBeforeAnythingElse) {
    for (const auto* path : {"/admin/v1/workflows", "/admin/v1/workflows/nonsense", "/admin/v1/nothing", "/metrics", "/",
                             "/admin/v1/workflows?limit=x"}) {
        const Answer answer = admin(path);
        EXPECT_EQ(answer.status, 401) << path;
        EXPECT_EQ(code_of(answer), "unauthorized");
        EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer");
        EXPECT_EQ(ask_admin("POST", path, "nonsense").status, 401) << path;
        EXPECT_EQ(ask_admin("GET", path, "", "Authorization: Bearer admin-secre\r\n").status, 401) << path;
        EXPECT_EQ(ask_admin("GET", path, "", "Authorization: Basic admin-secret\r\n").status, 401) << path;
    }
    const std::string token = "Authorization: Bearer admin-secret\r\n";
    EXPECT_EQ(ask_admin("GET", "/admin/v1/workflows", "", token).status, 200);
    EXPECT_EQ(ask_admin("GET", "/metrics", "", token).status, 200);
    EXPECT_EQ(ask_admin("GET", "/admin/v1/nothing", "", token).status, 404);
}

TEST_F(GuardedAdminTest, HealthAndReadinessNeedNone) {
    EXPECT_EQ(admin("/healthz").status, 200);
    EXPECT_EQ(admin("/readyz").status, 200);
}

} // namespace
} // namespace appointd::http
