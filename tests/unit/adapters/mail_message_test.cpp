#include "adapters/notify/calendar.hpp"
#include "adapters/notify/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::adapters::notify {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Time noon = *parse_iso("2026-12-01T12:00:00Z");

Message usual() {
    return {.from = {"Studio", "desk@example.org"},
            .to = {"Ann Poe", "ann@example.net"},
            .subject = "Confirmed",
            .text = "Hello Ann,\n\nall is well.\n",
            .message_id = "b1.7.0@example.org",
            .about = "confirmed",
            .date = noon,
            .calendar = {},
            .calendar_method = {}};
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    }
    return lines;
}

} // namespace

TEST(MailMessage, PlainThenItsHeadersSayWhoAndThatNoPersonWroteIt) {
    const std::string mail = render(usual());
    EXPECT_THAT(mail, HasSubstr("From: Studio <desk@example.org>\r\nTo: Ann Poe <ann@example.net>\r\nSubject: Confirmed\r\n"));
    EXPECT_THAT(mail, HasSubstr("Date: Tue, 01 Dec 2026 12:00:00 +0000\r\n"));
    EXPECT_THAT(mail, HasSubstr("Message-ID: <b1.7.0@example.org>\r\nAuto-Submitted: auto-generated\r\n"));
    EXPECT_EQ(render(usual()), mail) << "a repetition is recognisable";
}

TEST(MailMessage, NamesAndSubjectsThenNoHeaderCanBeSlippedIn) {
    Message message = usual();
    message.to.name = "Ann\r\nBcc: all@example.org";
    message.subject = "Hi\nBcc: all@example.org\r\n\r\nbody";
    for (const std::string& line : lines_of(render(message))) EXPECT_THAT(line, Not(::testing::StartsWith("Bcc:")));
}

TEST(MailMessage, OtherThanAsciiThenEncodedInWordsOfWholeCharacters) {
    EXPECT_EQ(header_text("Café"), "=?utf-8?B?Q2Fmw6k=?=");
    std::string wide;
    for (int i = 0; i < 60; ++i) wide += "\xe2\x82\xac"; // euro signs: a word must not end inside one
    for (const std::string& line : lines_of(header_text(wide))) EXPECT_LE(line.size(), 76u);
    EXPECT_THAT(header_text(wide), Not(HasSubstr("\xe2")));
    EXPECT_EQ(header_text("=?utf-8?B?QQ==?="), "=?utf-8?B?PT91dGYtOD9CP1FRPT0/PQ==?=") << "what looks encoded stays what it is";
}

TEST(MailMessage, BrokenBytesThenReplacedAndControlCharactersGone) {
    EXPECT_EQ(clean("a\x01\x02\x7f"
                    "b",
                    true),
              "ab");
    EXPECT_EQ(clean("a\r\nb", true), "a b");
    EXPECT_EQ(clean("\xff\xc3;", false), "??;");
    EXPECT_EQ(clean("\xed\xa0\x80;\xe0\x80\x80;\xf4\x90\x80\x80;", false), "???;???;????;")
        << "a surrogate, an overlong, one too far";
    EXPECT_EQ(clean("\xc3\xa9\xf0\x9f\x98\x80", false), "\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(MailMessage, QuotedPrintableThenLinesAreShortAndSpacesSurvive) {
    EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n");
    EXPECT_EQ(quoted_printable("ends with a space \nx"), "ends with a space=20\r\nx\r\n");
    const std::string text(500, 'x');
    for (const std::string& line : lines_of(quoted_printable(text))) EXPECT_LE(line.size(), 76u);
}

TEST(MailMessage, AddressesThenOnlyPlainOnesPass) {
    for (const auto* good : {"ann@example.org", "a.b+c@sub.example.org", "x_y@localhost"}) EXPECT_TRUE(is_address(good)) << good;
    for (const auto* bad : {"", "ann", "@example.org", "ann@", "a b@example.org", "ann@ex\nample.org", "a@b@c", "<a@b>",
                            "a@b,c@d", "\xc3\xa9@example.org"})
        EXPECT_FALSE(is_address(bad)) << bad;
    EXPECT_EQ(parse_mailbox("Ann Poe <ann@example.org>")->name, "Ann Poe");
    EXPECT_EQ(parse_mailbox("\"Poe, Ann\" <ann@example.org>")->name, "Poe, Ann");
    EXPECT_EQ(parse_mailbox("ann@example.org")->address, "ann@example.org");
    EXPECT_FALSE(parse_mailbox("Ann Poe"));
}

TEST(Calendar, AppointmentThenEverythingIsEscapedFoldedAndNumbered) {
    Appointment appointment{.uid = "b1@appointd",
                            .summary = "Coaching; 60 minutes, with a very long name that does not fit into one line of a file",
                            .description = "first\nsecond",
                            .location = "https://zoom.us/j/850?pwd=x",
                            .start = noon,
                            .end = noon + std::chrono::hours(1),
                            .stamp = noon - std::chrono::hours(24),
                            .sequence = 3,
                            .organizer = {"Studio \"A\"", "desk@example.org"},
                            .attendee = {"Ann", "ann@example.net"}};
    const std::string file = calendar_file(appointment);
    for (const std::string& line : lines_of(file)) EXPECT_LE(line.size(), 75u) << line;
    std::string unfolded;
    for (const std::string& line : lines_of(file)) unfolded += line.starts_with(' ') ? line.substr(1) : "\n" + line;
    for (const auto* wanted :
         {"\nMETHOD:REQUEST\n", "\nUID:b1@appointd\n", "\nDTSTART:20261201T120000Z\n", "\nDTEND:20261201T130000Z\n",
          "\nSEQUENCE:3\n", "\nSTATUS:CONFIRMED\n", "\nSUMMARY:Coaching\\; 60 minutes\\, with", "\nDESCRIPTION:first\\nsecond\n",
          "\nORGANIZER;CN=\"Studio A\":mailto:desk@example.org\n", "PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:ann@example.net\n"})
        EXPECT_THAT(unfolded, HasSubstr(wanted));
    appointment.canceled = true;
    EXPECT_THAT(calendar_file(appointment), HasSubstr("METHOD:CANCEL\r\n"));
    EXPECT_THAT(calendar_file(appointment), HasSubstr("STATUS:CANCELLED\r\n"));
}

} // namespace appointd::adapters::notify
