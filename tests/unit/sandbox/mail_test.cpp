#include "sandbox/mail/mailbox.hpp"
#include "sandbox/mail/reading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace appointd::sandbox::mail {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// As a mail program of others would write it: encoded words with both codes, a folded header, nested parts.
const std::string foreign = "Date: Tue, 01 Dec 2026 12:00:00 +0000\r\n"
                            "From: =?utf-8?Q?J=C3=BCrgen_Poe?= <j@example.org>\r\n"
                            "To: ann@example.org\r\n"
                            "Subject: =?utf-8?B?Q2Fmw6k=?=\r\n =?utf-8?B?IHVtIDk=?= and more\r\n"
                            "Message-ID: <019ad6a4-0000-7000-8000-000000000001.7.0@example.org>\r\n"
                            "MIME-Version: 1.0\r\n"
                            "Appointd-Message: confirmed\r\n"
                            "Content-Type: multipart/mixed;\r\n boundary=\"x1\"\r\n"
                            "\r\n"
                            "--x1\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: quoted-printable\r\n"
                            "\r\n"
                            "a very long line that goes =\r\non, caf=C3=A9\r\n"
                            "\r\n"
                            "--x1\r\n"
                            "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"
                            "Content-Transfer-Encoding: base64\r\n"
                            "\r\n"
                            "QkVHSU46VkNBTEVOREFS\r\n"
                            "\r\n"
                            "--x1--\r\n";

} // namespace

TEST(MailReading, AForeignMessageThenItsPartsAreDecoded) {
    const Letter letter = read(foreign);
    EXPECT_THAT(letter.faults, IsEmpty());
    EXPECT_EQ(letter.header("subject"), "Café um 9 and more");
    EXPECT_EQ(letter.header("From"), "Jürgen Poe <j@example.org>");
    EXPECT_THAT(letter.text, HasSubstr("a very long line that goes on, café\n"));
    EXPECT_EQ(letter.calendar, "BEGIN:VCALENDAR");
    EXPECT_EQ(letter.calendar_method, "REQUEST");
}

TEST(MailReading, WhatAStrictReaderObjectsToIsNamed) {
    EXPECT_THAT(read("Subject: x\r\n\r\nbody\nwith a bare newline\r\n").faults, Contains("a bare CR or LF"));
    EXPECT_THAT(read("Subject: x\r\n\r\n" + std::string(1200, 'y') + "\r\n").faults, Contains("a line is longer than 998 bytes"));
    EXPECT_THAT(read("Subject: x\r\n\r\n").faults, Contains("Message-ID is missing"));
    EXPECT_THAT(read("Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\r\nno end").faults,
                Contains("a multipart body without its end"));
}

TEST(Mailbox, MessagesThenFoundByBookingAndAddressAndShownEscaped) {
    Mailbox mailbox;
    mailbox.put("desk@example.org", {"ann@example.org"}, foreign, *parse_iso("2026-12-01T12:00:01Z"));
    mailbox.put("desk@example.org", {"bob@example.org"}, "Subject: <b>\r\n\r\n", *parse_iso("2026-12-01T12:00:02Z"));
    EXPECT_EQ(mailbox.list("019ad6a4-0000-7000-8000-000000000001", "").size(), 1u);
    EXPECT_EQ(mailbox.list("", "bob@example.org").size(), 1u);
    EXPECT_EQ(mailbox.list("", "eve@example.org").size(), 0u);
    EXPECT_THAT(mailbox.page(), HasSubstr("&lt;b&gt;"));
    EXPECT_THAT(mailbox.page(1), HasSubstr("café"));
    EXPECT_THAT(mailbox.page(7), HasSubstr("no such e-mail"));
}

} // namespace appointd::sandbox::mail
