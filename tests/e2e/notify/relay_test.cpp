// E-mails through a real relay, read by a program that is not ours.
#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/notify/exim.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

class RealRelay : public testing::Test {
protected:
    void SetUp() override { stage.daemon().start(); }

    /// By what they are about, as Python's email package reads them.
    std::map<std::string, json::object> read() {
        std::vector<std::string> command{"/usr/bin/python3", APPOINTD_SOURCE "/tests/e2e/notify/read_mail.py"};
        for (const auto& path : exim.messages()) command.push_back(path.string());
        const std::string output = (stage.directory() / "read_mail").string();
        std::filesystem::remove(output);
        Child reader(command, {{"PATH", "/usr/bin:/bin"}}, output);
        EXPECT_EQ(reader.wait(60s), 0) << reader.tail();
        std::map<std::string, json::object> letters;
        std::ifstream lines(output);
        for (std::string line; std::getline(lines, line);) {
            auto letter = parse_object(line);
            if (!letter) continue;
            const std::string about = text_or_empty(*letter, "about");
            EXPECT_TRUE(letters.emplace(about, *std::move(letter)).second) << about << " came twice";
        }
        return letters;
    }
    bool arrived(std::size_t count) {
        return stage.eventually([&] { return exim.messages().size() >= count; }, 60s);
    }

    Exim exim;
    Stage stage{
        "sqlite",
        quick_pace(),
        {},
        demo::Setup{.toml = {},
                    .environment = {{"APPOINTD_MAIL_URL", exim.url()}, {"APPOINTD_MAIL_FROM", "Stüdio Ä <desk@example.org>"}}}};
};

TEST_F(RealRelay, ABookingsEmailsArriveAndParse) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ASSERT_TRUE(arrived(2)) << exim.messages().size() << " arrived";
    ann.control("calendly/cancel", {{"invitee", ann.invitee()}, {"by", "host"}});
    ann.await_state("REFUNDED");
    ann.await_quiet();
    ASSERT_TRUE(arrived(4)) << exim.messages().size() << " arrived";

    const auto letters = read();
    ASSERT_EQ(letters.size(), 4u);
    const json::object& pay = letters.at("pay_now");
    EXPECT_THAT(text_or_empty(pay, "text"), HasSubstr(stage.places().public_url + "/b/" + ann.id()));
    EXPECT_EQ(text_or_empty(pay, "to"), "Ann Poe <ann.poe@example.org>");
    EXPECT_EQ(text_or_empty(pay, "from"), "Stüdio Ä <desk@example.org>");

    const json::object& confirmed = letters.at("confirmed");
    EXPECT_THAT(text_or_empty(confirmed, "message_id"), StartsWith("<" + ann.id() + "."));
    EXPECT_EQ(text_or_empty(confirmed, "auto_submitted"), "auto-generated");
    const json::object calendar = Customer::part(confirmed, "calendar");
    const json::object fields = Customer::part(calendar, "fields");
    EXPECT_EQ(text_or_empty(calendar, "method"), "REQUEST");
    EXPECT_EQ(text_or_empty(fields, "UID"), ann.id() + "@appointd");
    EXPECT_EQ(text_or_empty(fields, "SEQUENCE"), "0");
    EXPECT_THAT(text_or_empty(fields, "LOCATION"), StartsWith("http"));
    EXPECT_THAT(text_or_empty(confirmed, "text"), HasSubstr(text_or_empty(fields, "LOCATION")))
        << "the same link in text and calendar";

    const json::object canceled = Customer::part(letters.at("canceled"), "calendar");
    EXPECT_EQ(text_or_empty(canceled, "method"), "CANCEL");
    EXPECT_EQ(text_or_empty(Customer::part(canceled, "fields"), "SEQUENCE"), "1");
    EXPECT_THAT(text_or_empty(letters.at("refunded"), "subject"), HasSubstr("has gone back to you"));
}

} // namespace
} // namespace appointd::e2e
