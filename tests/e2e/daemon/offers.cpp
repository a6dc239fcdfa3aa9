#include "tests/e2e/daemon/offers.hpp"

#include <fmt/format.h>

#include <array>

namespace appointd::e2e {

namespace {

struct Offer {
    std::string_view id;
    std::string_view policy; ///< lines of TOML beside the common ones
    int minutes = 60;
    int seats = 1;
    std::string_view location = "custom";
};

// clang-format off
constexpr std::array<Offer, 11> offers{{
    {"brief",        "price = 5000\npayment_window = \"2s\"\nplace = \"none\""},
    {"long-window",  "price = 5000\npayment_window = \"48h\"\nplace = \"none\""},
    {"group",        "price = 5000", 60, 2},
    {"group-revive", "price = 5000\npayment_window = \"1s\"\nlate_money = \"revive\"", 60, 2},
    {"tiers",        "price = 5000\nrefund = [ { notice = \"2h\", percent = 33 }, { notice = \"24h\", percent = 100 } ]"},
    {"once",         "price = 5000\nmax_reschedules = 1"},
    {"no-show",      "price = 5000\nno_show = \"refund\""},
    {"clock",        "price = 0\ncompletion = \"clock\"", 1},
    {"extras",       "price = 5000\nplace = \"none\"\nreceipts = true\nautomatic_tax = true\nallow_promotion_codes = true"},
    {"recorded",     "price = 0\n[session_type.zoom]\nauto_recording = \"cloud\"\nwaiting_room = false\njoin_before_host = true"},
    {"remote-late",  "price = 0\nplace = \"calendly\"", 60, 1, "zoom_late"},
}};
// clang-format on

} // namespace

demo::Setup more_session_types() {
    demo::Setup more;
    for (const Offer& offer : offers)
        more.toml += fmt::format("\n[[session_type]]\nid = \"{0}\"\nname = \"The type {0}\"\n"
                                 "calendly_event_type = \"https://api.calendly.com/event_types/{0}\"\n{1}\n",
                                 offer.id, offer.policy);
    more.environment["APPOINTD_BOOKING_COMPLETION_GRACE"] = "1s";
    return more;
}

void add_event_types(sandbox::Sandbox& sandbox) {
    for (const Offer& offer : offers) {
        json::object type{{"uri", offer.id}, {"name", offer.id}, {"duration_minutes", offer.minutes}, {"seats", offer.seats}};
        type["location"] = offer.location;
        if (sandbox.control("POST", "/calendly/event-types", type).status != 200)
            throw std::runtime_error("the sandbox refused the event type " + std::string(offer.id));
    }
}

} // namespace appointd::e2e
