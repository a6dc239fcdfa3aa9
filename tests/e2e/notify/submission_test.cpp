// E-mails handed to a provider's submission port, as Debian's Exim plays it: TLS by a private authority, and a login. Whoever
// listens on the wire, or reads the log, learns no password.
#include "foundation/digest.hpp"
#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/notify/daemon_log.hpp"
#include "tests/e2e/notify/exim.hpp"
#include "tests/e2e/notify/wiretap.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

#include <optional>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string text(const json::object& object, std::string_view name) { return text_field(object, name).value_or(""); }

const std::string wrong = "wr0ng-h0rse";

class Submission : public testing::Test {
protected:
    /// Such a relay, and a daemon that trusts `authority`, logs in, and calls the port of `scheme` by the name `said`.
    void open(const Exim::Options& options, const std::string& scheme, const Fields& more = {}, std::string said = {}) {
        exim.emplace(options);
        tap.emplace(scheme == "smtps" ? exim->tls_port() : exim->port());
        demo::Setup setup{.toml = {}, .environment = {}};
        if (said.empty()) said = scheme;
        Fields settings{{"APPOINTD_MAIL_URL", said + "://127.0.0.1:" + std::to_string(tap->port())},
                        {"APPOINTD_MAIL_FROM", "desk@example.org"},
                        {"APPOINTD_MAIL_STARTTLS", "required"}, // to this machine nobody would ask for it
                        {"APPOINTD_MAIL_CA_FILE", authority.certificate().string()},
                        {"APPOINTD_MAIL_USER", Exim::user},
                        {"APPOINTD_MAIL_PASSWORD", Exim::password},
                        {"APPOINTD_LOG_LEVEL", "debug"}};
        settings.insert(settings.end(), more.begin(), more.end());
        for (const auto& [name, value] : settings) setup.environment[name] = value;
        stage.emplace("sqlite", quick_pace(), demo::Town{}, std::move(setup));
        stage->daemon().start();
        ann.emplace(*stage, "coaching-60");
        ann->reach_checkout(); // pay_now wants to be sent
    }
    Exim::Options relay_for(const std::string& names) const {
        return {.identity = authority.issue(names), .starttls = true, .login = true, .mechanism = "PLAIN"};
    }
    Exim::Options relay() const { return relay_for("DNS:localhost,IP:127.0.0.1"); }

    json::object call() {
        const json::object now = ann->detail();
        if (const json::array* calls = array_field(now, "activities"))
            for (const json::value& each : *calls)
                if (text(each.as_object(), "kind") == "mail.send") return each.as_object();
        return {};
    }
    bool arrives() {
        return stage->eventually([&] { return !exim->messages().empty(); }, 60s);
    }
    /// "CODE: MESSAGE" of the attempt that did not succeed, where the call is still open.
    std::string trouble() {
        stage->eventually([&] { return !text(call(), "last_error").empty(); });
        const json::object open = call();
        EXPECT_EQ(text(open, "state"), "open") << json::serialize(open);
        return text(open, "last_error");
    }
    void nobody_learns(const std::string& password) {
        const std::string plain = std::string(1, '\0') + Exim::user + std::string(1, '\0') + password;
        for (const std::string& form : {password, base64(password), base64(plain)}) {
            EXPECT_THAT(tap->heard(), Not(HasSubstr(form)));
            EXPECT_THAT(log_of(*stage), Not(HasSubstr(form)));
        }
        EXPECT_THAT(log_of(*stage), Not(HasSubstr(Exim::user)));
    }
    test::TemporaryDirectory folder{"submission"};
    PrivateAuthority authority{folder.path(), "ours"};
    std::optional<Exim> exim;
    std::optional<Wiretap> tap;
    std::optional<Stage> stage;
    std::optional<Customer> ann;
};

TEST_F(Submission, StarttlsAndALoginThenTheMailArrives) {
    open(relay(), "smtp");
    ASSERT_TRUE(arrives()) << trouble();
    EXPECT_THAT(tap->heard(), AllOf(HasSubstr("STARTTLS"), Not(HasSubstr("AUTH ")), Not(HasSubstr("MAIL FROM"))));
    nobody_learns(Exim::password);

    ann->pay(); // and the next goes the same way, on the connection that was kept
    ASSERT_TRUE(stage->eventually([&] { return exim->messages().size() == 2; }, 60s)) << trouble();
    EXPECT_THAT(failures_told(*stage), IsEmpty());
    const std::string heard = tap->heard();
    EXPECT_EQ(heard.find("STARTTLS"), heard.rfind("STARTTLS"));
}

TEST_F(Submission, TlsFromTheFirstByteThenTheMailArrives) {
    open(relay(), "smtps");
    ASSERT_TRUE(arrives()) << trouble();
    EXPECT_THAT(tap->heard(), Not(HasSubstr("EHLO")));
    nobody_learns(Exim::password);
}

TEST_F(Submission, ARelayThatKnowsLoginOnlyThenTheMailArrives) {
    auto options = relay();
    options.mechanism = "LOGIN";
    open(options, "smtp");
    ASSERT_TRUE(arrives()) << trouble();
    nobody_learns(Exim::password);
}

TEST_F(Submission, AWrongPasswordThenTheMailWaitsForTheRightOne) {
    open(relay(), "smtp", {{"APPOINTD_MAIL_PASSWORD", wrong}});
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_535: "), HasSubstr("mail.user and mail.password"), HasSubstr("535")));
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(wrong);
    const auto told = failures_told(*stage);
    ASSERT_FALSE(told.empty());
    for (const json::object& line : told) EXPECT_EQ(text(line, "code"), "mail_535") << json::serialize(line);

    ASSERT_EQ(stage->daemon().terminate(), 0);
    stage->daemon().reconfigure({{"APPOINTD_MAIL_PASSWORD", Exim::password}});
    stage->daemon().start();
    ASSERT_TRUE(arrives()) << trouble();
    nobody_learns(Exim::password);
}

TEST_F(Submission, ACertificateOfAStrangersThenNothingIsSent) {
    const PrivateAuthority other(folder.path(), "theirs");
    open(relay(), "smtp", {{"APPOINTD_MAIL_CA_FILE", other.certificate().string()}});
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_untrusted: "), HasSubstr("mail.ca_file")));
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(Exim::password);
}

TEST_F(Submission, NoAuthoritiesOfOursThenTheSystemsDoNotKnowIt) {
    open(relay(), "smtps", {{"APPOINTD_MAIL_CA_FILE", ""}});
    EXPECT_THAT(trouble(), StartsWith("mail_untrusted: "));
    EXPECT_TRUE(exim->messages().empty());
}

TEST_F(Submission, ACertificateForAnotherHostThenNothingIsSent) {
    open(relay_for("DNS:mail.example.org,IP:127.0.0.2"), "smtps");
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_untrusted: "), HasSubstr("the host in mail.url")));
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(Exim::password);
}

TEST_F(Submission, NoStarttlsOfferedThenThePasswordIsNotSaid) {
    auto options = relay();
    options.starttls = false;
    open(options, "smtp");
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_no_starttls: "), HasSubstr("mail.starttls")));
    EXPECT_THAT(tap->heard(), AllOf(HasSubstr("EHLO"), Not(HasSubstr("AUTH ")), Not(HasSubstr("MAIL FROM"))));
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(Exim::password);
}

TEST_F(Submission, SmtpsOnThePortOfStarttlsThenItSaysWhereToLook) {
    open(relay(), "smtp", {}, "smtps");
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_no_tls: "), HasSubstr("scheme and port")));
    EXPECT_TRUE(exim->messages().empty());
}

TEST_F(Submission, NoLoginThatWeKnowThenNobodyIsWrittenToAsAStranger) {
    auto options = relay();
    options.mechanism = "CRAM-MD5";
    open(options, "smtp");
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_no_login: "), HasSubstr("mail.user")));
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(Exim::password);
}

TEST_F(Submission, ALoginThatIsOfferedInsideTlsOnlyThenInTheClearItIsMissed) {
    open(relay(), "smtp", {{"APPOINTD_MAIL_STARTTLS", "never"}, {"APPOINTD_MAIL_CA_FILE", ""}});
    EXPECT_THAT(trouble(), AllOf(StartsWith("mail_no_login: "), HasSubstr("mail.starttls")));
    EXPECT_THAT(tap->heard(), Not(HasSubstr("MAIL FROM"))) << "a stranger's mail would be refused for good";
    EXPECT_TRUE(exim->messages().empty());
    nobody_learns(Exim::password);
}

} // namespace
} // namespace appointd::e2e
