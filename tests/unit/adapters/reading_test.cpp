#include "adapters/calendly/client.hpp"
#include "adapters/fields.hpp"
#include "adapters/redaction.hpp"
#include "adapters/retry_after.hpp"
#include "adapters/stripe/config.hpp"
#include "tests/unit/adapters/webhooks.hpp"

namespace appointd::adapters::tests {
namespace {

using namespace std::chrono_literals;

const json::object sample =
    json::parse(R"({"number":5,"text":"7","whole":8.0,"half":12.5,"big":18446744073709551615,"yes":"true","one":1,"null":null,
    "id":{"id":"pi_1","object":"payment_intent"},"nested_id":{"id":{"id":"x"}},"bad":"a\u0000b","empty":"","long_id":85012345678})")
        .as_object();

TEST(Fields, NumbersAndTextsAreReadAsEachOther) {
    EXPECT_EQ(lenient_text(sample, "number"), "5");
    EXPECT_EQ(lenient_text(sample, "whole"), "8");
    EXPECT_EQ(lenient_text(sample, "half"), std::nullopt);
    EXPECT_EQ(lenient_text(sample, "null"), std::nullopt);
    EXPECT_EQ(lenient_int(sample, "text"), 7);
    EXPECT_EQ(lenient_int(sample, "whole"), 8);
    EXPECT_EQ(lenient_int(sample, "half"), std::nullopt);
    EXPECT_EQ(lenient_int(sample, "big"), std::nullopt);
    EXPECT_EQ(lenient_int(sample, "yes"), std::nullopt);
    EXPECT_EQ(lenient_bool(sample, "yes"), true);
    EXPECT_EQ(lenient_bool(sample, "one"), true);
    EXPECT_EQ(lenient_bool(sample, "number"), std::nullopt);
    EXPECT_EQ(decimal_text(sample, "half"), "12.5");
}

TEST(Fields, IdentifiersMustFitAKey) {
    EXPECT_EQ(identifier(sample, "long_id"), "85012345678");
    EXPECT_EQ(identifier(sample, "id"), std::nullopt); // an id that is an object
    EXPECT_EQ(identifier(json::object{{"payment_intent", sample.at("id")}}, "payment_intent"), "pi_1");
    EXPECT_EQ(identifier(json::object{{"payment_intent", sample.at("nested_id")}}, "payment_intent"), std::nullopt);
    EXPECT_EQ(identifier(sample, "bad"), std::nullopt);
    EXPECT_EQ(identifier(sample, "empty"), std::nullopt);
    EXPECT_EQ(identifier(json::object{{"x", std::string(513, 'a')}}, "x"), std::nullopt);
    EXPECT_EQ(identifier(json::object{{"x", std::string(512, 'a')}}, "x"), std::string(512, 'a'));
}

TEST(Redaction, BodiesWithoutSecretsKeepTheirBytes) {
    const std::string body = "{ \"a\" : 1, \"password\": null, \"passcode\":\"\" }";
    EXPECT_EQ(without_secrets(body, *parse_object(body)), body);
}

TEST(Redaction, SecretsAreBlankedAtAnyDepth) {
    const std::string body =
        R"({"download_token":"dl.tok","payload":{"object":{"password":123456,"files":[{"play_passcode":"pp"}],"start_url":"https://z/s?zak=1","password_set":true}},"client_secret":"cs_1"})";
    const auto kept = without_secrets(body, *parse_object(body));
    for (const auto* secret : {"dl.tok", "123456", "\"pp\"", "zak=1", "cs_1"})
        EXPECT_EQ(kept.find(secret), std::string::npos) << secret;
    EXPECT_NE(kept.find("\"password_set\":true"), std::string::npos);
}

TEST(Redaction, MessagesAreShortOneLineAndWithoutCredentialsAndAddresses) {
    EXPECT_EQ(for_people("Invalid API Key provided: sk_test_abc\r\nfor  you"), "Invalid API Key provided: *** for you");
    EXPECT_EQ(for_people("<ann@example.org>: user unknown, mailto:ann@example.org"), "… user unknown, …");
    std::string umlauts;
    for (int i = 0; i < 400; ++i) umlauts += "\xC3\xA4";
    const auto cut = for_people("x" + umlauts);
    EXPECT_LE(cut.size(), 300u);
    EXPECT_EQ(cut.size() % 2, 1u); // no half of a character
}

TEST(RetryAfter, EveryFormIsUnderstood) {
    EXPECT_EQ(parse_retry_after("120", now), Duration(120s));
    EXPECT_EQ(parse_retry_after(" 0 ", now), Duration(0));
    EXPECT_EQ(parse_retry_after("1.5", now), Duration(1500ms));
    EXPECT_EQ(parse_retry_after("Fri, 20 Nov 2026 10:01:00 GMT", now), Duration(60s));
    EXPECT_EQ(parse_retry_after("Fri Nov 20 10:01:00 2026", now), Duration(60s));
    EXPECT_EQ(parse_retry_after("2026-11-20T10:00:30Z", now), Duration(30s));
    EXPECT_EQ(parse_retry_after("2026-11-20T09:00:00Z", now), Duration(0));
}

TEST(RetryAfter, NonsenseIsNothingAndForEverIsADay) {
    for (const auto* text : {"", "soon", "-5", "nan", "Fri, 32 Nov 2026 10:01:00 GMT", "Fri, 20 Foo 2026 10:01:00 GMT"})
        EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
    EXPECT_EQ(parse_retry_after("99999999999", now), longest_wait);
    EXPECT_EQ(parse_retry_after("2099-01-01T00:00:00Z", now), longest_wait);
    EXPECT_EQ(parse_retry_after("inf", now), longest_wait);
}

TEST(CalendlyUris, AreMappedOntoTheBaseByTheirPath) {
    using calendly::path_of;
    EXPECT_EQ(path_of("https://api.calendly.com/scheduled_events/E1", "http://127.0.0.1:1/calendly"), "/scheduled_events/E1");
    EXPECT_EQ(path_of("http://127.0.0.1:1/calendly/scheduled_events/E1", "http://127.0.0.1:1/calendly/"), "/scheduled_events/E1");
    EXPECT_EQ(path_of("https://evil.example/scheduled_events/E1", "https://api.calendly.com"), "/scheduled_events/E1");
    for (const auto* bad : {"", "E1", "https://api.calendly.com", "https://api.calendly.com/../x", "https://api.calendly.com/a b",
                            "https://api.calendly.com/a?b=c"})
        EXPECT_EQ(path_of(bad, "https://api.calendly.com"), std::nullopt) << bad;
}

TEST(StripeKeys, TellTheirMode) {
    EXPECT_EQ(stripe::livemode_of("sk_live_x"), true);
    EXPECT_EQ(stripe::livemode_of("rk_live_x"), true);
    EXPECT_EQ(stripe::livemode_of("sk_test_x"), false);
    EXPECT_EQ(stripe::livemode_of("anything"), std::nullopt);
}

} // namespace
} // namespace appointd::adapters::tests
