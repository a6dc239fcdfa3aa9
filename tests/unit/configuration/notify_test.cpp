#include "daemon/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace appointd::daemon {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

const std::string session_type =
    "[[session_type]]\nid = \"a\"\ncalendly_event_type = \"https://api.calendly.com/event_types/A\"\nprice = 0\n";
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string endpoint =
    "[[webhook_endpoint]]\nname = \"crm\"\nurl = \"https://crm.example.org/hooks\"\nsecrets = [\"" + secret + "\"]\n";
const std::string mail = "[mail]\nurl = \"smtp://mail.example.org:587\"\nfrom = \"Studio <desk@example.org>\"\n";

Result<Configuration> parsed(const std::string& text, const Environment& environment = {}) {
    return parse_configuration(text, "test", environment);
}
std::string problems(const std::string& text) {
    const auto result = parsed(text);
    return result ? "none" : result.error().message;
}

} // namespace

TEST(MailSettings, NothingGivenThenNobodyIsToldAndTheStartSaysSo) {
    const auto c = parsed(session_type);
    ASSERT_TRUE(c);
    EXPECT_FALSE(notify_config(*c).mail);
    EXPECT_THAT(c->warnings, Contains(HasSubstr("mail.url is not set")));
    EXPECT_FALSE(terms_of(c->session_types[0], *c).contains("mail"));
}

TEST(MailSettings, ARelayThenTheTermsSayWhoIsTold) {
    const auto c = parsed(session_type + mail + "operator = \"ops@example.org\"\n");
    ASSERT_TRUE(c) << c.error().message;
    EXPECT_EQ(terms_of(c->session_types[0], *c).at("mail"), true);
    EXPECT_EQ(terms_of(c->session_types[0], *c).at("mail_operator"), true);
    const auto adapter = notify_config(*c);
    ASSERT_TRUE(adapter.mail);
    EXPECT_EQ(adapter.mail->from.address, "desk@example.org");
    EXPECT_TRUE(adapter.mail->relay.starttls) << "another machine";
}

TEST(MailSettings, ARelayOfThisMachineThenNoTlsUnlessAskedFor) {
    const std::string here = "[mail]\nurl = \"smtp://127.0.0.1:25\"\nfrom = \"desk@example.org\"\n";
    EXPECT_FALSE(notify_config(*parsed(here)).mail->relay.starttls);
    EXPECT_TRUE(notify_config(*parsed(here + "starttls = \"required\"\n")).mail->relay.starttls);
}

TEST(MailSettings, ANameThatOnlyLooksLikeThisMachineThenTls) {
    const auto c = parsed("[mail]\nurl = \"smtp://127.example.org:25\"\nfrom = \"desk@example.org\"\n");
    ASSERT_TRUE(c) << c.error().message;
    EXPECT_TRUE(notify_config(*c).mail->relay.starttls);
}

TEST(MailSettings, ARelayIsHostAndPortAndNoMore) {
    const auto url = [](const std::string& text) {
        return problems("[mail]\nfrom = \"a@example.org\"\nurl = \"" + text + "\"\n");
    };
    for (const auto* good : {"smtp://mail.example.org:587", "smtps://127.0.0.1:465", "smtp://[::1]:25", "smtp://relay_1:1"})
        EXPECT_EQ(url(good), "none") << good;
    for (const auto* bad : {"http://x:25", "smtp://x", "smtp://:25", "smtp://x:0", "smtp://x:65536", "smtp://x:25/name",
                            "smtp://x y:25", "smtp://[x]:25", "smtp://x:+25", "smtp://x:"})
        EXPECT_THAT(url(bad), HasSubstr("mail.url: expected smtp://host:port")) << bad;
    const auto with_password = url("smtp://me:hush@x:25");
    EXPECT_THAT(with_password, HasSubstr("mail.url: expected smtp://host:port"));
    EXPECT_THAT(with_password, Not(HasSubstr("hush")));
}

TEST(MailSettings, AuthoritiesOfOursThenTheFileIsReadAtStart) {
    const auto with = [](const std::string& path) { return mail + "ca_file = \"" + path + "\"\n"; };
    EXPECT_THAT(problems(with("/nowhere/ca.pem")), HasSubstr("mail.ca_file: cannot read /nowhere/ca.pem"));
    EXPECT_THAT(problems(with("/etc/hostname")), HasSubstr("mail.ca_file: /etc/hostname is no file of certificates"));
    const auto c = parsed(with("/etc/ssl/certs/ca-certificates.crt"));
    ASSERT_TRUE(c) << c.error().message;
    EXPECT_EQ(notify_config(*c).mail->relay.ca_file, "/etc/ssl/certs/ca-certificates.crt");
}

TEST(MailSettings, WhatWillNotDoWhatWasMeantThenTheStartSaysSo) {
    const auto warnings = [](const std::string& url, const std::string& more = "") {
        const auto c = parsed("[mail]\nfrom = \"a@example.org\"\noperator = \"b@example.org\"\nurl = \"" + url + "\"\n" + more);
        std::string all;
        if (c)
            for (const std::string& warning : c->warnings)
                if (warning.starts_with("mail.")) all += warning + "\n";
        return c ? all : c.error().message;
    };
    EXPECT_EQ(warnings("smtp://x:587"), "");
    EXPECT_EQ(warnings("smtps://x:465"), "");
    EXPECT_EQ(warnings("smtp://127.0.0.1:25"), "");
    EXPECT_THAT(warnings("smtp://x:465"), HasSubstr("write smtps://"));
    EXPECT_THAT(warnings("smtps://x:587"), HasSubstr("write smtp://"));
    EXPECT_THAT(warnings("smtp://x:25", "starttls = \"never\"\n"), HasSubstr("in the clear"));
    EXPECT_THAT(warnings("smtp://127.0.0.1:25", "ca_file = \"/etc/ssl/certs/ca-certificates.crt\"\n"),
                HasSubstr("mail.ca_file does nothing without TLS"));
}

TEST(MailSettings, WhatIsWrongThenNamed) {
    EXPECT_THAT(problems("[mail]\nurl = \"http://x\"\n"), HasSubstr("mail.url: expected smtp://"));
    EXPECT_THAT(problems("[mail]\nurl = \"smtp://x:25\"\n"), HasSubstr("mail.from: is required"));
    EXPECT_THAT(problems("[mail]\nurl = \"smtp://x:25\"\nfrom = \"nobody\"\n"), HasSubstr("mail.from: expected"));
    EXPECT_THAT(problems(mail + "operator = \"a, b\"\n"), HasSubstr("mail.operator"));
    EXPECT_THAT(problems(mail + "user = \"u\"\n"), HasSubstr("both mail.user and mail.password"));
    EXPECT_THAT(problems(mail + "starttls = \"maybe\"\n"), HasSubstr("mail.starttls"));
}

TEST(MailSettings, ABrokenTemplateThenFoundBeforeAnythingIsSent) {
    const auto folder = std::filesystem::temp_directory_path() / ("appointd-config-templates-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "confirmed.txt") << "Subject: x\n\n{{#join_url}}\n";
    EXPECT_THAT(problems(mail + "templates = \"" + folder.string() + "\"\n"), HasSubstr("mail.templates: confirmed.txt, line"));
    std::filesystem::remove_all(folder);
}

TEST(WebhookEndpoints, OneThenItsNameAndEventsAreTermsAndItsSecretIsNotShown) {
    const auto c = parsed(session_type + endpoint + "events = [\"booking.confirmed\"]\n");
    ASSERT_TRUE(c) << c.error().message;
    EXPECT_EQ(canonical(terms_of(c->session_types[0], *c).at("webhook_endpoints")),
              R"([{"events":["booking.confirmed"],"name":"crm"}])");
    ASSERT_EQ(notify_config(*c).endpoints.size(), 1u);
    EXPECT_EQ(notify_config(*c).endpoints[0].keys[0].size(), 24u);
    EXPECT_THAT(canonical(terms_of(c->session_types[0], *c)), Not(HasSubstr("MfKQ")));
}

TEST(WebhookEndpoints, TheVariableThenItReplacesTheFilesTables) {
    const auto c = parsed(endpoint, {{"APPOINTD_WEBHOOK_ENDPOINTS",
                                      "[[webhook_endpoint]]\nname = \"other\"\nurl = \"http://127.0.0.1:9/x\"\nsecrets = [\"" +
                                          secret + "\", \"" + secret + "\"]\n"}});
    ASSERT_TRUE(c) << c.error().message;
    ASSERT_EQ(c->webhook_endpoints.size(), 1u);
    EXPECT_EQ(c->webhook_endpoints[0].name, "other");
    EXPECT_EQ(c->webhook_endpoints[0].secrets.size(), 2u);
}

TEST(WebhookEndpoints, WhatIsWrongThenNamedWithoutTheSecret) {
    EXPECT_THAT(problems("[[webhook_endpoint]]\nname = \"a\"\nurl = \"https://x\"\n"),
                HasSubstr("secrets: at least one is required"));
    EXPECT_THAT(problems("[[webhook_endpoint]]\nname = \"a\"\nurl = \"http://example.org\"\nsecrets = [\"" + secret + "\"]\n"),
                HasSubstr("must begin with https://"));
    EXPECT_THAT(
        problems("[[webhook_endpoint]]\nname = \"a\"\nurl = \"http://127.example.org\"\nsecrets = [\"" + secret + "\"]\n"),
        HasSubstr("must begin with https://"));
    EXPECT_THAT(problems(endpoint + "events = [\"booking.exploded\"]\n"), HasSubstr("there is no event booking.exploded"));
    EXPECT_THAT(problems(endpoint + endpoint), HasSubstr("\"crm\" is given twice"));
    EXPECT_THAT(problems(endpoint + "colour = \"red\"\n"), HasSubstr("colour: unknown setting"));
    const auto bad = problems("[[webhook_endpoint]]\nname = \"a\"\nurl = \"https://x\"\nsecrets = [\"whsec_hush\"]\n");
    EXPECT_THAT(bad, HasSubstr("expected whsec_"));
    EXPECT_THAT(bad, Not(HasSubstr("hush")));
    std::string five;
    for (const auto* name : {"a", "b", "c", "d", "e"})
        five +=
            std::string("[[webhook_endpoint]]\nname = \"") + name + "\"\nurl = \"https://x\"\nsecrets = [\"" + secret + "\"]\n";
    EXPECT_THAT(problems(five), HasSubstr("at most 4 endpoints"));
}

TEST(WebhookEndpoints, TypesThenAllStatesAreAmongThem) {
    EXPECT_THAT(webhook_types(), Contains("booking.payment_pending"));
    EXPECT_THAT(webhook_types(), Not(Contains("booking.none")));
    EXPECT_EQ(webhook_types().size(), 12u);
}

} // namespace appointd::daemon
