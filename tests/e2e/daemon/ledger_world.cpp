#include "tests/e2e/daemon/ledger_world.hpp"

#include <algorithm>
#include <stdexcept>

namespace appointd::e2e {

namespace {

using booking::World;

/// Throws where it is absent.
std::int64_t number(const json::object& row, std::string_view name) { return row.at(name).to_number<std::int64_t>(); }

/// A ledger without it is another ledger: nothing may pass for want of something to compare.
const json::array& rows_of(const json::object& object, std::string_view name) {
    const json::array* rows = array_field(object, name);
    if (!rows) throw std::runtime_error("the ledger has no " + std::string(name));
    return *rows;
}

booking::DisputePhase phase_of(const std::string& status) {
    if (status == "lost") return booking::DisputePhase::lost;
    if (status == "prevented") return booking::DisputePhase::prevented;
    if (status == "won" || status == "warning_closed") return booking::DisputePhase::won;
    return status.starts_with("warning_") ? booking::DisputePhase::inquiry : booking::DisputePhase::open;
}

void take_payment(World& world, const json::object& row) {
    const std::string payment = text_or_empty(row, "payment");
    const std::int64_t captured = number(row, "captured");
    if (captured > 0) world.charges.push_back({payment, text_or_empty(row, "currency"), captured});
    for (const json::value& value : rows_of(row, "refunds")) {
        const json::object& refund = value.as_object();
        world.refunds.push_back({text_or_empty(refund, "refund"), payment, text_or_empty(refund, "refund_id"),
                                 text_or_empty(refund, "status"), number(refund, "amount")});
    }
    for (const json::value& value : rows_of(row, "disputes")) {
        const json::object& dispute = value.as_object();
        world.disputes.push_back(
            {text_or_empty(dispute, "dispute"), payment, number(dispute, "amount"), phase_of(text_or_empty(dispute, "status"))});
    }
}

} // namespace

LedgerWorlds::LedgerWorlds(const json::object& ledger) {
    for (const json::value& value : rows_of(ledger, "payments"))
        take_payment(worlds_[text_or_empty(value.as_object(), "booking")], value.as_object());
    for (const json::value& value : rows_of(ledger, "sessions")) {
        const json::object& row = value.as_object();
        worlds_[text_or_empty(row, "booking")].sessions.push_back(
            {text_or_empty(row, "session"), text_or_empty(row, "status") == "open"});
    }
    for (const json::value& value : rows_of(ledger, "meetings")) {
        const json::object& row = value.as_object();
        if (text_or_empty(row, "status") == "deleted") continue;
        const bool used = number(row, "sessions") > 0;
        worlds_[text_or_empty(row, "marker")].meetings.push_back({text_or_empty(row, "meeting"), time_field(row, "start"), used});
    }
    for (const json::value& value : rows_of(ledger, "invitees")) {
        const json::object& row = value.as_object();
        const World::Invitee invitee{text_or_empty(row, "invitee"), text_or_empty(row, "status") == "active",
                                     time_field(row, "canceled_at")};
        worlds_[text_or_empty(row, "booking")].invitees.push_back(invitee);
        invitees_[invitee.uri] = invitee;
    }
}

World LedgerWorlds::of(const std::string& booking, const booking::Data& data, Time now) const {
    const auto found = worlds_.find(booking);
    World world = found == worlds_.end() ? World{} : found->second;
    world.now = now;
    std::vector<std::string> named = data.slot.superseded;
    named.push_back(data.slot.invitee);
    for (const std::string& uri : named) {
        const auto invitee = invitees_.find(uri);
        const bool missing = std::none_of(world.invitees.begin(), world.invitees.end(),
                                          [&](const World::Invitee& known) { return known.uri == uri; });
        if (invitee != invitees_.end() && missing) world.invitees.push_back(invitee->second);
    }
    return world;
}

} // namespace appointd::e2e
