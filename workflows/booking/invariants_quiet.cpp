#include "workflows/booking/invariants.hpp"

#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>
#include <array>
#include <map>

/// What holds between a booking and its providers when it is quiet, and what holds when it rests.
namespace appointd::booking {
namespace {

class Comparison {
public:
    Comparison(State state, const Data& data, const World& world) : state_(state), data_(data), world_(world) {}

    std::vector<Violation> run() {
        charges();
        refunds();
        disputes();
        if (is_dead(state_)) dead();
        surplus();
        meetings();
        slot();
        window();
        return std::move(found_);
    }

private:
    void unless(bool holds, std::string_view name, std::string words) {
        if (!holds) found_.push_back({std::string(name), std::move(words)});
    }
    bool flagged() const { return !data_.flags.empty() || !data_.settled.empty(); }
    bool told(std::string_view reason) const {
        return data_.flagged(reason) || std::find(data_.settled.begin(), data_.settled.end(), reason) != data_.settled.end();
    }
    const World::Refund* at_stripe(std::string_view id) const {
        for (const World::Refund& refund : world_.refunds)
            if (refund.id == id) return &refund;
        return nullptr;
    }

    void charges() {
        for (const World::Charge& charge : world_.charges) {
            const Payment* payment = money::find_payment(data_, charge.payment);
            const bool booked = payment && payment->phase == PaymentPhase::captured;
            unless(booked, "M9", charge.payment + ": captured at Stripe, not booked");
            if (booked)
                unless(payment->captured == charge.captured && payment->currency == charge.currency, "M9",
                       charge.payment + ": booked with another sum");
        }
        for (const Payment& payment : data_.money.payments) {
            const bool free = payment.captured == 0; // a promotion took all of the price: Stripe makes no payment of it
            const bool there = payment.outside || free || payment.phase != PaymentPhase::captured ||
                               std::any_of(world_.charges.begin(), world_.charges.end(),
                                           [&](const World::Charge& charge) { return charge.payment == payment.id; });
            unless(there, "M9", payment.id + ": booked, and never captured at Stripe");
        }
    }

    void refunds() {
        std::map<std::string, int> standing;
        for (const World::Refund& refund : world_.refunds) {
            if (!refund.ours.empty() && !refund.came_to_nothing()) standing[refund.ours] += 1;
            const auto row = std::find_if(data_.money.refunds.begin(), data_.money.refunds.end(),
                                          [&](const Refund& r) { return r.stripe == refund.id; });
            if (row == data_.money.refunds.end()) {
                const bool ours = !refund.ours.empty();
                // (Told: the list of refunds could not be had, or was skipped by a person.)
                unless(refund.came_to_nothing() || told("activity_exhausted"), ours ? "M10" : "M9",
                       refund.id + ": a refund at Stripe that has no row");
                continue;
            }
            unless(row->amount == refund.amount || refund.came_to_nothing(), "M9", refund.id + ": booked with another sum");
            const bool same = refund.status == "succeeded" ? row->phase == RefundPhase::done
                              : refund.came_to_nothing()   ? !row->done() && !row->underway()
                                                           : row->phase == RefundPhase::pending;
            unless(same, "M9", refund.id + ": is " + refund.status + " at Stripe, and booked otherwise");
        }
        for (const auto& [ours, count] : standing) unless(count <= 1, "M10", ours + ": stands twice at Stripe");
        for (const Refund& row : data_.money.refunds)
            unless(row.phase != RefundPhase::done || at_stripe(row.stripe), "M9", row.id + ": booked as done, and not at Stripe");
    }

    void disputes() {
        for (const World::Dispute& dispute : world_.disputes) {
            const auto row = std::find_if(data_.money.disputes.begin(), data_.money.disputes.end(),
                                          [&](const Dispute& d) { return d.id == dispute.id; });
            unless(row != data_.money.disputes.end() && row->phase == dispute.phase && row->amount == dispute.amount, "M9",
                   dispute.id + ": booked otherwise than it stands at Stripe");
        }
    }

    void dead() {
        for (const World::Session& session : world_.sessions)
            unless(!session.open || told("checkout_open") || told("checkout_failed"), "M11",
                   session.id + ": open at Stripe, and the booking is over");
        std::int64_t waiting = 0;
        for (const Payment& payment : data_.money.payments) waiting += payment.waiting;
        unless(waiting == 0 || flagged(), "M11", "the booking is over, and money waits unseen");
    }

    void surplus() {
        for (const Payment& payment : data_.money.payments) {
            if (payment.role != Role::surplus || payment.phase != PaymentPhase::captured || flagged()) continue;
            const bool pending = std::any_of(data_.money.refunds.begin(), data_.money.refunds.end(), [&](const Refund& row) {
                return row.payment == payment.id && row.phase == RefundPhase::pending;
            });
            unless(pending || money::done(data_, payment.id) >= payment.captured, "M12",
                   payment.id + ": surplus, and not returned");
        }
    }

    void meetings() {
        const bool ours = makes_own_meeting(data_);
        unless(world_.meetings.size() <= 1 || told("meeting_left"), "Z4", "several meetings stand at Zoom");
        if (is_dead(state_) && data_.ended) // REFUNDED after COMPLETED: the session was held, or was due
            for (const World::Meeting& meeting : world_.meetings)
                unless(meeting.used || told("meeting_left"), "Z4", meeting.id + ": stands at Zoom, and the booking is over");
        const Slot& slot = data_.slot;
        const bool ahead = slot.end && world_.now < *slot.end;
        if (state_ != State::confirmed || slot.phase != SlotPhase::held || flagged()) return;
        if (ours && ahead) {
            unless(world_.meetings.size() == 1, "Z3", "confirmed, and no meeting stands at Zoom");
            if (world_.meetings.size() == 1) {
                const World::Meeting& meeting = world_.meetings.front();
                unless(meeting.id == data_.meeting.id, "Z3", meeting.id + ": not the meeting that is stored");
                unless(meeting.used || meeting.start == slot.start, "Z3", meeting.id + ": does not start when the slot does");
            }
        }
        const bool wanted = ours || takes_calendly_link(data_);
        unless(!wanted || !slot.start || world_.now < *slot.start || !data_.meeting.join_url.empty(), "L5",
               "the slot began without a join link, and nobody was told");
    }

    void slot() {
        const Slot& slot = data_.slot;
        const auto current = std::find_if(world_.invitees.begin(), world_.invitees.end(),
                                          [&](const World::Invitee& invitee) { return invitee.uri == slot.invitee; });
        if (slot.invitee.empty()) return;
        unless(current != world_.invitees.end(), "C2", slot.invitee + ": not at Calendly");
        if (current == world_.invitees.end()) return;
        const bool ahead = slot.start && world_.now < *slot.start;
        if ((is_unpaid(state_) || state_ == State::confirmed) && slot.phase == SlotPhase::held && ahead)
            unless(current->active || (current->canceled_at && *current->canceled_at >= *slot.start), "C2",
                   "the slot is held, and its invitee is canceled at Calendly");
        if (is_dead(state_) && data_.ended && ahead)
            unless(!current->active || told("slot_held") || told("seat_held"), "C3",
                   "the booking is over, and the slot is still taken");
    }

    /// L1's "latest", as far as a quiet moment shows it.
    void window() {
        const bool held = data_.slot.phase == SlotPhase::held;
        const bool processing = std::any_of(data_.money.payments.begin(), data_.money.payments.end(),
                                            [](const Payment& p) { return p.phase == PaymentPhase::processing; });
        if (is_unpaid(state_) && held && data_.deadline && !processing && !flagged())
            unless(world_.now <= *data_.deadline || money::undecided(data_), "L1",
                   "the window is over, and it still waits for money");
        if (is_unpaid(state_) && held && data_.slot.start)
            unless(world_.now <= *data_.slot.start, "L1", "the slot began, and it still waits for money");
        if (state_ == State::confirmed && held && data_.slot.end && !flagged()) {
            const auto latest = *data_.slot.end + std::chrono::hours(5);
            unless(world_.now <= latest, "L1", "the session is long over, and the booking is not");
        }
    }

    State state_;
    const Data& data_;
    const World& world_;
    std::vector<Violation> found_;
};

} // namespace

std::vector<Violation> quiet_violations(State state, const Data& data, const World& world) {
    return Comparison(state, data, world).run();
}

bool holds_unheard(const Violation& violation) {
    static constexpr std::array<std::string_view, 6> names{"M11", "M12", "C3", "L5", "Z4", "L1"};
    return std::find(names.begin(), names.end(), violation.name) != names.end();
}

std::vector<Violation> rest_violations(State state, const Data& data) {
    std::vector<Violation> found;
    const bool flagged = !data.flags.empty();
    const bool settled = !data.settled.empty();
    if (is_alive(state) && !flagged && !settled)
        found.push_back({"L1", "it rests in " + std::string(engine::name_of<Booking>(state))});
    for (const Refund& row : data.money.refunds)
        if (row.underway() && !flagged && !settled) found.push_back({"L3", row.id + ": never ends"});
    for (const Payment& payment : data.money.payments) {
        if (flagged || settled) continue;
        if (payment.waiting > 0) found.push_back({"L4", payment.id + ": " + std::to_string(payment.waiting) + " wait at rest"});
        if (money::underway(data, payment.id) > 0) found.push_back({"L4", payment.id + ": on its way for ever"});
    }
    return found;
}

} // namespace appointd::booking
