#include "workflows/booking/invariants.hpp"

#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>

/// What one commit shows, and what an inbox shows: M5, M7, Z1, Z2, H2.
namespace appointd::booking {
namespace {

bool just_captured(const Commit& commit, const Payment& payment) {
    const Payment* before = money::find_payment(commit.data_before, payment.id);
    return payment.phase == PaymentPhase::captured && (!before || before->phase != PaymentPhase::captured);
}

bool has_refund(const Data& data, const Payment& payment) {
    return std::any_of(data.money.refunds.begin(), data.money.refunds.end(),
                       [&](const Refund& row) { return row.payment == payment.id; });
}

void birth(const Commit& commit, std::vector<Violation>& found) {
    for (const Payment& payment : commit.data_after.money.payments) {
        if (!just_captured(commit, payment) || payment.captured == 0) continue;
        const bool revived = commit.before == State::abandoned && commit.after == State::confirmed;
        const bool late = is_dead(commit.before) && !revived;
        if ((late || payment.role == Role::surplus) && !has_refund(commit.data_after, payment))
            found.push_back({"M5", payment.id + ": booked, and its refund was not born with it"});
        if (late && payment.role == Role::service) found.push_back({"M5", payment.id + ": serves a booking that is over"});
    }
}

} // namespace

std::vector<Violation> commit_violations(const Commit& commit) {
    std::vector<Violation> found;
    birth(commit, found);
    int creates = 0;
    for (const engine::ActivityRequest& activity : commit.activities) {
        const bool create = activity.kind == "meeting.create", move = activity.kind == "meeting.update";
        if (create) ++creates;
        if (is_dead(commit.after) && (create || move)) found.push_back({"Z2", "a dead booking asks for " + activity.kind});
        if (create && commit.data_before.meeting.creating && !commit.event.starts_with("meeting.create."))
            found.push_back({"Z1", "a second create while one is undecided"});
        if (create && commit.data_after.terms.price > 0 && !money::service(commit.data_after))
            found.push_back({"M7", "a meeting is asked for, and nobody paid"});
    }
    if (creates > 1) found.push_back({"Z1", "two creates in one commit"});
    return found;
}

std::vector<Violation> inbox_violations(std::span<const Received> inbox, Time now, Duration deferred_ttl) {
    std::vector<Violation> found;
    for (const Received& event : inbox) {
        if (!event.disposition) found.push_back({"H2", event.id + " has no disposition"});
        if (event.disposition == engine::Disposition::deferred && now - event.received_at > deferred_ttl)
            found.push_back({"H2", event.id + " is deferred beyond its limit"});
    }
    return found;
}

} // namespace appointd::booking
