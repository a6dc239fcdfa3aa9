#include "http/booking_page.hpp"

#include "foundation/money_text.hpp"

#include <string>

namespace appointd::http {
namespace {

constexpr int soon = 2, presently = 10, later = 60; // seconds until the page looks again

bool unpaid(const BookingView& view) {
    return view.state == "SCHEDULED" || view.state == "PAYMENT_PENDING" || view.state == "PAYMENT_FAILED";
}

void add_facts(Page& page, const BookingView& view, TimeZones& zones) {
    if (!view.session_name.empty()) page.facts.push_back({"Session", view.session_name});
    if (const auto slot = slot_text(view, zones); !slot.empty()) page.facts.push_back({"Time", slot});
    if (view.captured > 0)
        page.facts.push_back({"Paid", money_text(view.captured, view.currency)});
    else if (view.price > 0 && (unpaid(view) || view.state == "INITIATED"))
        page.facts.push_back({"Price", money_text(view.price, view.currency)});
    if (view.refunded > 0) page.facts.push_back({"Returned to you", money_text(view.refunded, view.currency)});
    if (view.refunding > 0) page.facts.push_back({"On its way back to you", money_text(view.refunding, view.currency)});
    if (view.kept > 0 && view.state == "CANCELED")
        page.facts.push_back({"Kept under the cancellation terms", money_text(view.kept, view.currency)});
    page.facts.push_back({"Booking", view.id});
}

void offer_changes(Page& page, const BookingView& view) {
    if (!view.reschedule_url.empty()) page.links.push_back({view.reschedule_url, "Choose another time"});
    if (!view.cancel_url.empty()) page.links.push_back({view.cancel_url, "Cancel the booking"});
}

/// What became of the money, in a sentence; empty where none came in.
std::string money_sentence(const BookingView& view) {
    if (view.flagged("refund_failed")) return "Returning your money did not work at first. We know, and are taking care of it.";
    if (view.refunding > 0) return "Your money is on its way back. Banks take some days to show it.";
    if (view.captured == 0) return "You were not charged.";
    if (view.refunded >= view.captured) return "All of your money was returned. Banks take some days to show it.";
    return {};
}

Page choose_a_time(const BookingView& view) {
    if (view.scheduling.empty()) {
        if (view.flagged("link_failed"))
            return {.title = "We could not prepare your booking yet",
                    .lines = {"The calendar did not answer as it should. We have been told, and try again."},
                    .refresh_seconds = later};
        return {.title = "One moment", .lines = {"We are preparing the calendar for you."}, .refresh_seconds = soon};
    }
    return {.title = "Choose a time",
            .lines = {"Pick a time that suits you. Then you come back here."},
            .links = {{view.scheduling, "Choose a time", true}},
            .refresh_seconds = presently};
}

Page to_be_paid(const BookingView& view, Arrival arrival) {
    if (view.flagged("paid_at_calendly") || view.flagged("amount_mismatch") || view.flagged("unexpected_money"))
        return {
            .title = "We are checking your payment",
            .lines = {"A payment came in that we did not expect in this form. A person looks at it; you need not do anything."},
            .refresh_seconds = later};
    if (view.processing)
        return {
            .title = "Your payment is being processed",
            .lines = {"Your bank needs some time, with some ways to pay even days. Your time stays reserved until it starts."},
            .refresh_seconds = later};
    if (arrival == Arrival::paid) {
        Page page{.title = "Processing your payment",
                  .lines = {"We are waiting for the confirmation. This takes a few seconds."},
                  .refresh_seconds = soon};
        if (!view.checkout.empty()) page.links.push_back({view.checkout, "I have not paid yet: back to the payment"});
        return page;
    }
    if (!view.checkout.empty())
        return {.title = "Your time is reserved",
                .lines = {"If you have paid, the confirmation appears here in a few seconds.",
                          "If not, please go on: the time is kept for you for a while only."},
                .links = {{view.checkout, "Go to the payment", true}},
                .refresh_seconds = soon};
    if (view.flagged("checkout_failed"))
        return {.title = "We could not prepare the payment yet",
                .lines = {"Something went wrong on our side. We have been told, and try again; you were not charged."},
                .refresh_seconds = later};
    if (view.state == "PAYMENT_FAILED")
        return {.title = "The payment did not work",
                .lines = {"You were not charged. We are preparing another try."},
                .refresh_seconds = presently};
    return {.title = "One moment", .lines = {"We are preparing the payment."}, .refresh_seconds = soon};
}

Page confirmed(const BookingView& view) {
    Page page{.title = "Your booking is confirmed", .lines = {}};
    if (view.slot_phase == "moving") {
        page.lines.push_back("The time is being changed. The new one appears here in a moment.");
        page.refresh_seconds = presently;
    }
    if (!view.meeting.empty()) {
        page.links.push_back({view.meeting, "Join the session", true});
    } else if (view.place != "none") {
        page.lines.push_back("The link to join appears here before the session begins.");
        page.refresh_seconds = view.attention.empty() ? presently : later;
    }
    return page;
}

Page abandoned(const BookingView& view) {
    Page page{.title = "This booking was not completed", .lines = {}};
    page.lines.push_back(view.ended_why == "no_slot" ? "No time was chosen, so the booking has ended."
                                                     : "The payment did not arrive in time, so the time was given up.");
    return page;
}

Page canceled(const BookingView& view) {
    Page page{.title = "This booking was canceled", .lines = {}};
    if (view.ended_by == "invitee")
        page.lines.push_back("It was canceled by you.");
    else if (view.ended_by == "host")
        page.lines.push_back("It was canceled by the host. We are sorry.");
    else if (view.ended_by == "operator")
        page.lines.push_back("It was canceled by us. We are sorry.");
    return page;
}

} // namespace

std::string onward(const BookingView& view, Arrival arrival) {
    if (arrival != Arrival::plain || !unpaid(view) || view.processing) return {};
    return view.checkout;
}

Page page_of(const BookingView& view, Arrival arrival, TimeZones& zones) {
    Page page;
    if (view.state == "INITIATED") {
        page = choose_a_time(view);
    } else if (unpaid(view)) {
        page = to_be_paid(view, arrival);
        offer_changes(page, view);
    } else if (view.state == "CONFIRMED") {
        page = confirmed(view);
        offer_changes(page, view);
    } else if (view.state == "COMPLETED") {
        page = {.title = "Thank you", .lines = {"The session is over."}};
    } else if (view.state == "ABANDONED") {
        page = abandoned(view);
    } else if (view.state == "CANCELED") {
        page = canceled(view);
    } else if (view.state == "REFUNDED") {
        page = {.title = "This booking was canceled and your money returned", .lines = {}};
    } else {
        page = {.title = "Your booking", .lines = {"Its state is " + view.state + "."}, .refresh_seconds = later};
    }
    const bool over = view.state == "ABANDONED" || view.state == "CANCELED" || view.state == "REFUNDED";
    if (over || view.refunding > 0 || view.refunded > 0)
        if (auto sentence = money_sentence(view); !sentence.empty()) page.lines.push_back(std::move(sentence));
    add_facts(page, view, zones);
    return page;
}

} // namespace appointd::http
