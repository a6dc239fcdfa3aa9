#include "daemon/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <type_traits>

#include <unistd.h>

namespace appointd::daemon {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

namespace {

Configuration loaded(std::string_view text, const Environment& environment = {}) {
    auto configuration = parse_configuration(text, "test.toml", environment);
    if (!configuration) ADD_FAILURE() << configuration.error().message;
    return configuration ? *std::move(configuration) : Configuration{};
}

std::string problems(std::string_view text, const Environment& environment = {}) {
    const auto configuration = parse_configuration(text, "test.toml", environment);
    if (configuration) return "";
    EXPECT_EQ(configuration.error().code, "config_invalid");
    return configuration.error().message;
}

std::string temporary_file(const std::string& name, const std::string& content) {
    const std::string path = ::testing::TempDir() + "appointd-configuration-" + std::to_string(::getpid()) + "-" + name;
    std::ofstream(path) << content;
    return path;
}

} // namespace

TEST(Configuration, NothingGivenThenTheDefaultsOfTheDesign) {
    const Configuration c = loaded("");
    EXPECT_EQ(c.database.url.reveal(), "sqlite:///appointd.db");
    EXPECT_EQ(c.http.listen, "127.0.0.1:8080");
    EXPECT_EQ(c.http.admin_listen, "127.0.0.1:8081");
    EXPECT_EQ(c.http.public_url, "http://127.0.0.1:8080");
    EXPECT_EQ(c.engine.lease, Duration(30s));
    EXPECT_EQ(c.engine.retry.base, Duration(500ms));
    EXPECT_EQ(c.engine.retry.cap, Duration(5min));
    EXPECT_EQ(c.engine.retry.max_attempts, 20);
    EXPECT_EQ(c.engine.deferred_ttl, Duration(72h));
    EXPECT_EQ(c.engine.queue_capacity, 10'000U);
    EXPECT_EQ(c.booking.slot_timeout, Duration(24h));
    EXPECT_EQ(c.booking.reschedule_timeout, Duration(10min));
    EXPECT_EQ(c.booking.completion_grace, Duration(15min));
    EXPECT_EQ(c.booking.reconcile_after, Duration(10min));
    EXPECT_EQ(c.webhooks.tolerance, Duration(5min));
    EXPECT_EQ(c.webhooks.tolerance_zoom, Duration(5min));
    EXPECT_EQ(c.webhooks.max_body, 1 << 20);
    EXPECT_EQ(c.http.max_bodies, 64 << 20);
    EXPECT_EQ(c.calendly.api_base, "https://api.calendly.com");
    EXPECT_EQ(c.calendly.auth_base, "https://auth.calendly.com");
    EXPECT_EQ(c.stripe.api_base, "https://api.stripe.com");
    EXPECT_EQ(c.zoom.api_base, "https://api.zoom.us");
    EXPECT_EQ(c.zoom.auth_base, "https://zoom.us");
    EXPECT_TRUE(c.http.admin_token.empty());
    EXPECT_EQ(c.log_level, Level::info);
    EXPECT_THAT(c.engine.throttles, SizeIs(5));
}

TEST(Configuration, EngineOptionsThenTheirOwnDefaultsAgreeWithTheTable) {
    const engine::Options own;
    const engine::Options table = loaded("").engine;
    EXPECT_EQ(own.queue_bytes, table.queue_bytes);
    EXPECT_EQ(own.batch_events, table.batch_events);
    EXPECT_EQ(own.batch_bytes, table.batch_bytes);
    EXPECT_EQ(own.poll, table.poll);
    EXPECT_EQ(own.node_timeout, table.node_timeout);
    EXPECT_EQ(own.retention, table.retention);
    EXPECT_EQ(own.breaker_failures, table.breaker_failures);
    EXPECT_EQ(own.breaker_pause, table.breaker_pause);
}

TEST(Configuration, FileThenItsValuesHold) {
    const Configuration c = loaded("[engine]\nlease = \"2s\"\nmax_attempts = 3\n[throttle.stripe]\nper_second = 2\nburst = 1.5\n"
                                   "[webhooks]\nmax_body = 4096\n[calendly]\nsubscribe = true\n[log]\nlevel = \"debug\"\n"
                                   "[stripe]\nwebhook_secret = [\"whsec_1\", \"whsec_2\"]\n");
    EXPECT_EQ(c.engine.lease, Duration(2s));
    EXPECT_EQ(c.engine.retry.max_attempts, 3);
    EXPECT_EQ(c.engine.throttles.at("stripe").per_second, 2);
    EXPECT_EQ(c.engine.throttles.at("stripe").burst, 1.5);
    EXPECT_EQ(c.webhooks.max_body, 4096);
    EXPECT_TRUE(c.calendly.subscribe);
    EXPECT_EQ(c.log_level, Level::debug);
    ASSERT_THAT(c.stripe.webhook_secrets, SizeIs(2));
    EXPECT_EQ(c.stripe.webhook_secrets[1].reveal(), "whsec_2");
}

TEST(Configuration, EnvironmentAndFileThenTheEnvironmentWins) {
    const Configuration c = loaded("[engine]\nlease = \"2s\"\n[http]\nlisten = \"127.0.0.1:1\"\n",
                                   {{"APPOINTD_ENGINE_LEASE", "7s"}, {"APPOINTD_LISTEN", ""}, {"STRIPE_WEBHOOK_SECRET", "a,b"}});
    EXPECT_EQ(c.engine.lease, Duration(7s));
    EXPECT_EQ(c.http.listen, "127.0.0.1:1") << "an empty variable counts as not set";
    EXPECT_THAT(c.stripe.webhook_secrets, SizeIs(2));
}

TEST(Configuration, SecretFromAFileThenOneNewlineIsTrimmed) {
    const std::string path = temporary_file("secret", "sk_test_1 \n");
    EXPECT_EQ(loaded("", {{"STRIPE_SECRET_KEY_FILE", path}}).stripe.secret_key.reveal(), "sk_test_1 ");
    EXPECT_THAT(problems("", {{"STRIPE_SECRET_KEY_FILE", path}, {"STRIPE_SECRET_KEY", "x"}}), HasSubstr("not both"));
    EXPECT_THAT(problems("", {{"STRIPE_SECRET_KEY_FILE", path + ".absent"}}), HasSubstr("cannot read"));
    ::unlink(path.c_str());
}

TEST(Configuration, ManyMistakesThenAllAreNamedAtOnceWithTheirPaths) {
    const std::string said =
        problems("surprise = 1\n[engine]\nlease = 30\nretry_base = \"-1s\"\nqueue_capacity = 0\nlaese = \"1s\"\n"
                 "[throttle.stripe]\nper_second = \"fast\"\n[booking]\nslot_timeout = \"soon\"\n[http.deep]\nx = 1\n",
                 {{"APPOINTD_BOOKING_RECONCILE_AFTER", "never"}});
    for (const auto* path :
         {"surprise: unknown setting", "engine.lease: expected a duration", "engine.retry_base: expected a duration",
          "engine.queue_capacity: must be at least 1", "engine.laese: unknown setting",
          "throttle.stripe.per_second: expected a number", "booking.slot_timeout: expected a duration",
          "http.deep: unknown setting", "booking.reconcile_after (APPOINTD_BOOKING_RECONCILE_AFTER): expected a duration"}) {
        EXPECT_THAT(said, HasSubstr(path));
    }
}

TEST(Configuration, TableWhereAValueBelongsThenSaid) {
    EXPECT_THAT(problems("engine = 5\n"), HasSubstr("engine: expected a table"));
    EXPECT_THAT(problems("[engine.lease]\nx = 1\n"), HasSubstr("engine.lease: expected a duration"));
    EXPECT_THAT(problems("[stripe]\nwebhook_secret = [\"a\", 1]\n"), HasSubstr("stripe.webhook_secret: expected text"));
}

TEST(Configuration, NotTomlThenFileAndLineAreNamed) {
    EXPECT_THAT(problems("[engine]\nlease = = 1\n"), HasSubstr("test.toml:2:"));
}

TEST(Configuration, RetentionBelowThirtyDaysThenRefused) {
    EXPECT_THAT(problems("[engine]\nretention = \"29d\"\n"), HasSubstr("engine.retention: must be at least"));
}

TEST(Configuration, AdminListenerForOthersWithoutATokenThenRefused) {
    EXPECT_THAT(problems("[http]\nadmin_listen = \"0.0.0.0:8081\"\n"), HasSubstr("http.admin_token"));
    EXPECT_EQ(loaded("[http]\nadmin_listen = \"0.0.0.0:8081\"\n", {{"APPOINTD_ADMIN_TOKEN", "t"}}).http.admin_token.reveal(),
              "t");
}

TEST(Configuration, OneAddressForBothListenersThenRefused) {
    EXPECT_THAT(problems("[http]\nlisten = \"127.0.0.1:8081\"\n"), HasSubstr("http.admin_listen"));
    EXPECT_EQ(problems("[http]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\n"), "");
}

TEST(Configuration, ProvidersWithoutSecretsThenWarnings) {
    const Configuration c = loaded("");
    EXPECT_THAT(c.warnings, Contains(HasSubstr("/webhooks/calendly")));
    EXPECT_THAT(c.warnings, Contains(HasSubstr("/webhooks/stripe")));
    EXPECT_THAT(c.warnings, Contains(HasSubstr("/webhooks/zoom")));
    const Configuration other = loaded("", {{"ZOOM_WEBHOOK_SECRET_TOKEN", "x"}, {"APPOINTD_ENGINE_LAESE", "1s"}});
    EXPECT_THAT(other.warnings, Not(Contains(HasSubstr("/webhooks/zoom"))));
    EXPECT_THAT(other.warnings, Contains(HasSubstr("APPOINTD_ENGINE_LAESE")));
}

TEST(Configuration, CapBelowBaseThenTheCapHoldsAndAWarning) {
    const Configuration c = loaded("[engine]\nretry_cap = \"100ms\"\n");
    EXPECT_EQ(c.engine.retry.base, Duration(100ms));
    EXPECT_THAT(c.warnings, Contains(HasSubstr("engine.retry_cap")));
}

TEST(Configuration, FileByPathThenReadAndAbsentFileThenRefused) {
    const std::string path = temporary_file("file.toml", "[engine]\nlease = \"9s\"\n");
    EXPECT_EQ(load_configuration(path, {})->engine.lease, Duration(9s));
    EXPECT_EQ(load_configuration(std::nullopt, {{"APPOINTD_CONFIG", path}})->engine.lease, Duration(9s));
    EXPECT_EQ(load_configuration(std::nullopt, {})->engine.lease, Duration(30s));
    ::unlink(path.c_str());
    EXPECT_EQ(load_configuration(path, {}).error().code, "config_invalid");
}

template <class T>
concept Printable = requires(std::ostream& stream, T value) {
    stream << value;
};
static_assert(!Printable<Secret> && !std::is_convertible_v<Secret, std::string>);

} // namespace appointd::daemon
