#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string id_text = "01930000-0000-7000-8000-000000000001";

struct PagesTest : House {
    static std::string data(const std::string& more) {
        return R"({"terms":{"name":"Coaching <b>60</b>","price":12000,"currency":"eur","place":"zoom"},"page_key":"k3y",)" +
               more + "}";
    }
    Answer page(const std::string& more = "") { return get("/b/" + id_text + "?key=k3y" + more); }
    static constexpr const char* slot =
        R"~("slot":{"phase":"held","invitee":"https://api.calendly.com/scheduled_events/E/invitees/invitee-0001",
            "start":"2026-12-01T09:00:00Z","end":"2026-12-01T10:00:00Z","timezone":"Europe/Berlin",
            "cancel_url":"https://calendly.test/cancel","reschedule_url":"javascript:alert(1)"})~";
    static constexpr const char* paid = R"("money":{"currency":"eur","captured":12000,"refunded":0,"refunding":0,"kept":0})";
};

TEST_F(PagesTest, WrongOrMissingKeyIsNotFound) {
    put("INITIATED", data(R"("link":{"url":"https://calendly.test/x"})"));
    for (const auto* path : {"?key=wrong", "?key=", "", "?key=k3", "?key=%zz"}) {
        const Answer answer = get("/b/" + id_text + path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_THAT(answer.body, Not(HasSubstr("calendly.test")));
    }
    EXPECT_EQ(get("/b/01930000-0000-7000-8000-00000000000f?key=k3y").status, 404);
    EXPECT_EQ(get("/b/nonsense?key=k3y").status, 404);
}

TEST_F(PagesTest, BookingWithoutAKeyOpensToNobody) {
    put("INITIATED", R"({"page_key":""})");
    EXPECT_EQ(get("/b/" + id_text + "?key=").status, 404);
}

TEST_F(PagesTest, InitiatedLeadsToTheCalendar) {
    put("INITIATED", data(R"("link":{"url":"https://calendly.test/x?a=1&b=2"})"));
    const Answer answer = page();
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("href=\"https://calendly.test/x?a=1&amp;b=2\""));
    EXPECT_THAT(answer.body, HasSubstr("http-equiv=\"refresh\""));
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST_F(PagesTest, TextIsEscaped) {
    put("INITIATED", data(R"("link":{"url":null})"));
    const Answer answer = page();
    EXPECT_THAT(answer.body, HasSubstr("Coaching &lt;b&gt;60&lt;/b&gt;"));
    EXPECT_THAT(answer.body, Not(HasSubstr("<b>60")));
}

TEST_F(PagesTest, OpenCheckoutIsWhereItGoes) {
    put("PAYMENT_PENDING", data(slot + std::string(R"(,"checkout":{"url":"https://stripe.test/c/1"})")));
    const Answer answer = page();
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.header("Location"), "https://stripe.test/c/1");
}

TEST_F(PagesTest, BackFromACompletedCheckoutItWaitsInsteadOfBouncing) {
    put("PAYMENT_PENDING", data(slot + std::string(R"(,"checkout":{"url":"https://stripe.test/c/1"})")));
    const Answer done = page("&checkout=done");
    EXPECT_EQ(done.status, 200);
    EXPECT_THAT(done.body, HasSubstr("Processing your payment"));
    EXPECT_THAT(done.body, HasSubstr("http-equiv=\"refresh\""));
    const Answer left = page("&checkout=left");
    EXPECT_EQ(left.status, 200);
    EXPECT_THAT(left.body, HasSubstr("https://stripe.test/c/1"));
}

TEST_F(PagesTest, BrowserThatWasSentToTheCheckoutIsNotSentAgain) {
    put("PAYMENT_PENDING", data(slot + std::string(R"(,"checkout":{"url":"https://stripe.test/c/1"})")));
    const auto cookie = page().header("Set-Cookie");
    EXPECT_THAT(cookie, HasSubstr("; Path=/b/" + id_text + "; "));
    const auto header = "Cookie: other=1; " + cookie.substr(0, cookie.find(';')) + "\r\n";
    const Answer back = ask_public("GET", "/b/" + id_text + "?key=k3y", "", header);
    EXPECT_EQ(back.status, 200);
    EXPECT_THAT(back.body, HasSubstr("If you have paid"));
    change([](auto& all) { all.workflows.clear(); });
    put("PAYMENT_PENDING", data(slot + std::string(R"(,"checkout":{"url":"https://stripe.test/c/2"})")));
    EXPECT_EQ(ask_public("GET", "/b/" + id_text + "?key=k3y", "", header).status, 303); // another checkout
}

TEST_F(PagesTest, ScheduledWaitsForTheCheckout) {
    put("SCHEDULED", data(slot));
    const Answer answer = page();
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("preparing the payment"));
    EXPECT_THAT(answer.body, HasSubstr("content=\"2\""));
}

TEST_F(PagesTest, ConfirmedShowsTheTimeThereAndTheJoinLink) {
    put("CONFIRMED", data(slot + std::string(",") + paid + R"(,"meeting":{"phase":"live","join_url":"https://zoom.test/j/1"})"));
    const Answer answer = page();
    EXPECT_THAT(answer.body, HasSubstr("Your booking is confirmed"));
    EXPECT_THAT(answer.body, HasSubstr("Tuesday, 1 December 2026, 10:00 to 11:00 (CET, Europe/Berlin)"));
    EXPECT_THAT(answer.body, HasSubstr("https://zoom.test/j/1"));
    EXPECT_THAT(answer.body, HasSubstr("120.00 EUR"));
    EXPECT_THAT(answer.body, HasSubstr("https://calendly.test/cancel"));
    EXPECT_THAT(answer.body, Not(HasSubstr("javascript:")));
}

TEST_F(PagesTest, EndsAreTold) {
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"ABANDONED", R"("ended":{"why":"no_payment"})", "You were not charged."},
        {"CANCELED",
         R"("ended":{"why":"canceled","by":"host"},"money":{"currency":"eur","captured":100,"refunded":0,"refunding":100,"kept":0})",
         "on its way back"},
        {"CANCELED",
         R"("ended":{"why":"canceled","by":"invitee"},"money":{"currency":"eur","captured":12000,"refunded":6000,"refunding":0,"kept":6000})",
         "60.00 EUR"},
        {"CANCELED",
         R"("money":{"currency":"eur","captured":100,"refunding":0},"attention":[{"reason":"refund_failed","since":"2026-12-01T09:00:00Z"}])",
         "did not work at first"},
        {"REFUNDED", R"("money":{"currency":"eur","captured":100,"refunded":100,"refunding":0,"kept":0})",
         "All of your money was returned"},
        {"COMPLETED", R"("money":{"currency":"eur","captured":100,"refunded":0,"refunding":0,"kept":100})", "Thank you"},
        {"PAYMENT_FAILED", R"("checkout":{"url":null})", "The payment did not work"},
        {"PAYMENT_PENDING",
         R"("money":{"currency":"eur","payments":[{"phase":"processing"}]},"checkout":{"url":"https://stripe.test/c"})",
         "being processed"},
    };
    for (const auto& [state, more, text] : cases) {
        change([](auto& all) { all.workflows.clear(); });
        put(state, data(more));
        EXPECT_THAT(page().body, HasSubstr(text)) << state << more;
    }
}

TEST_F(PagesTest, OutageIsAPageThatLooksAgain) {
    change([](auto& all) { all.database_away = true; });
    const Answer answer = page();
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.header("Content-Type"), HasSubstr("text/html"));
    EXPECT_THAT(answer.body, HasSubstr("http-equiv=\"refresh\""));
}

TEST_F(PagesTest, CalendlysRedirectFindsTheBookingByItsClaim) {
    put("SCHEDULED", data(slot));
    const Answer answer = get("/go/calendly?assigned_to=Host&invitee_uuid=invitee-0001&utm_content=" + id_text);
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.header("Location"), "http://book.test/b/" + id_text + "?key=k3y");
}

TEST_F(PagesTest, CalendlysRedirectFindsADirectBookingByItsInvitee) {
    put("SCHEDULED", data(slot), engine::to_string(engine::make_workflow_id(clock.now() - std::chrono::hours(71), {})));
    EXPECT_EQ(get("/go/calendly?invitee_uuid=invitee-0001").status, 303);
}

TEST_F(PagesTest, CalendlysRedirectDoesNotReadTheBookingsOfYears) {
    put("SCHEDULED", data(slot), engine::to_string(engine::make_workflow_id(clock.now() - std::chrono::hours(74), {})));
    EXPECT_THAT(get("/go/calendly?invitee_uuid=invitee-0001").body, HasSubstr("looks=1"));
}

TEST_F(PagesTest, AClaimAloneOpensNothing) {
    put("SCHEDULED", data(slot));
    const Answer other = get("/go/calendly?invitee_uuid=somebody-else&utm_content=" + id_text);
    EXPECT_EQ(other.status, 200);
    EXPECT_THAT(other.body, Not(HasSubstr("k3y")));
    EXPECT_THAT(other.body, HasSubstr("url=?invitee_uuid=somebody-else"));
    EXPECT_EQ(get("/go/calendly?utm_content=" + id_text).status, 404);
    EXPECT_EQ(get("/go/calendly?invitee_uuid=%3Cscript%3E").status, 404);
}

TEST_F(PagesTest, CalendlysRedirectWaitsForTheWebhookButNotForEver) {
    EXPECT_THAT(get("/go/calendly?invitee_uuid=invitee-0001").body, HasSubstr("looks=1"));
    EXPECT_THAT(get("/go/calendly?invitee_uuid=invitee-0001&looks=45").body, HasSubstr("We have not heard of it"));
}

} // namespace
} // namespace appointd::http
