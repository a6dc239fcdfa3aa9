#include "workflows/booking/invariants.hpp"

#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"
#include "workflows/booking/names.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <tuple>

namespace appointd::booking {
namespace {

class Audit {
public:
    Audit(State state, const Data& data) : state_(state), data_(data) {}

    std::vector<Violation> run() {
        for (const Payment& payment : data_.money.payments) {
            sum(payment);
            ceiling(payment);
            birth(payment);
            kept(payment);
            shared(payment);
        }
        causes();
        label();
        service();
        one_ask();
        meeting();
        invitee();
        label_of_slot();
        told_of();
        return std::move(found_);
    }

private:
    void broken(std::string_view name, std::string words) { found_.push_back({std::string(name), std::move(words)}); }
    void unless(bool holds, std::string_view name, const std::string& words) {
        if (!holds) broken(name, words);
    }

    /// In front of a person, or settled by one.
    bool told(std::string_view reason) const {
        return data_.flagged(reason) || std::find(data_.settled.begin(), data_.settled.end(), reason) != data_.settled.end();
    }

    void sum(const Payment& p) {
        const auto kept_sum = money::kept(data_, p.id), done = money::done(data_, p.id), underway = money::underway(data_, p.id),
                   lost = money::lost(data_, p.id);
        const auto left = p.captured + p.overpaid, right = p.waiting + kept_sum + done + underway + lost;
        unless(left == right, "M1",
               p.id + ": captured " + std::to_string(p.captured) + " + overpaid " + std::to_string(p.overpaid) + " != waiting " +
                   std::to_string(p.waiting) + " + kept " + std::to_string(kept_sum) + " + done " + std::to_string(done) +
                   " + underway " + std::to_string(underway) + " + lost " + std::to_string(lost));
        unless(p.waiting >= 0 && p.overpaid >= 0 && p.captured >= 0, "M1", p.id + ": a negative sum");
        unless(p.overpaid == 0 || told("paid_twice_back"), "M1", p.id + ": overpaid, and nobody is told");
    }

    void ceiling(const Payment& p) {
        // Beyond captured goes only what people did twice (overpaid, flagged): never a row of ours.
        unless(money::done(data_, p.id) + money::underway(data_, p.id) <= p.captured + p.overpaid, "M2",
               p.id + ": more goes back than came in");
    }

    void causes() {
        static constexpr std::array once{"surplus", "late", "policy", "full", "undecided", "no_show"};
        std::set<std::tuple<std::string, std::string, std::int64_t>> seen;
        std::set<std::string> ids;
        for (const Refund& row : data_.money.refunds) {
            unless(seen.emplace(row.payment, row.cause, row.ordinal).second, "M3", row.id + ": the same cause and ordinal twice");
            unless(ids.insert(row.id).second, "M3", row.id + ": the same id twice");
            unless(money::find_payment(data_, row.payment) != nullptr, "M3", row.id + ": of no payment");
            const bool single = std::find(once.begin(), once.end(), row.cause) != once.end();
            unless(!single || row.ordinal == 1 || !row.follows.empty(), "M3",
                   row.id + ": a second row of its cause follows none");
        }
    }

    void label() {
        const bool back = money::wholly_returned(data_);
        if (state_ == State::refunded) unless(back, "M4", "REFUNDED, and not all money is back");
        if (state_ == State::abandoned || state_ == State::canceled || state_ == State::completed)
            unless(!back, "M4", "all money is back, and it is not REFUNDED");
    }

    /// What a commit gave birth to stays visible: surplus money waits only behind a flag.
    void birth(const Payment& p) {
        unless(p.role != Role::surplus || p.waiting == 0 || !data_.flags.empty() || !data_.settled.empty(), "M5",
               p.id + ": surplus money waits unseen");
    }

    /// The provider's moment of the cancellation decides the policy's share; a host's cancellation returns all.
    void kept(const Payment& p) {
        std::int64_t policy = 0, session = 0;
        for (const Kept& row : data_.money.kept) {
            if (row.payment != p.id) continue;
            if (row.cause == KeptCause::policy) policy += row.amount;
            if (row.cause == KeptCause::session) session += row.amount;
        }
        unless(session == 0 || state_ == State::completed, "M6", p.id + ": kept for a session that is not completed");
        if (policy == 0) return;
        unless(state_ == State::canceled, "M6", p.id + ": kept by policy, and not canceled");
        unless(data_.ended && data_.ended->by != "host", "M6", p.id + ": kept by policy, and the host called it off");
        if (!data_.ended || !data_.ended->at || !data_.slot.start) return;
        const auto notice = std::chrono::duration_cast<std::chrono::seconds>(*data_.slot.start - *data_.ended->at).count();
        unless(policy <= p.captured - money::share(data_.terms, p.captured, notice), "M6",
               p.id + ": more kept than the policy keeps");
    }

    /// An invitee who cancels gets the policy's share, no more: what goes back beyond it has a cause of its own.
    void shared(const Payment& p) {
        if (p.role != Role::service || !data_.ended || data_.ended->by != "invitee") return;
        for (const Refund& row : data_.money.refunds)
            unless(row.payment != p.id || row.cause != "full", "M6", row.id + ": all returned, and the invitee called it off");
        std::int64_t policy = 0;
        for (const Refund& row : data_.money.refunds)
            if (row.payment == p.id && row.cause == "policy" && (row.underway() || row.done())) policy += row.amount;
        if (policy == 0 || !data_.ended->at || !data_.slot.start) return;
        const auto notice = std::chrono::duration_cast<std::chrono::seconds>(*data_.slot.start - *data_.ended->at).count();
        unless(policy <= money::share(data_.terms, p.captured, notice), "M6", p.id + ": more returned than the policy's share");
    }

    bool paid_as_asked(const Payment& paid) const {
        if (paid.accepted) return true;
        const bool parts = data_.terms.automatic_tax || data_.terms.allow_promotion_codes; // told by the session, not stored
        return paid.currency == data_.terms.currency && (parts || paid.captured == data_.terms.price);
    }

    void service() {
        const auto& meeting = data_.meeting;
        const bool wanted =
            makes_own_meeting(data_) && (meeting.creating || meeting.phase == MeetingPhase::making ||
                                         meeting.phase == MeetingPhase::live || meeting.phase == MeetingPhase::moving);
        const Payment* paid = money::service(data_);
        const bool earned = data_.terms.price == 0 || (paid && paid_as_asked(*paid));
        unless(!wanted || earned, "M7", "a meeting for a booking that nobody paid");
        unless(state_ != State::confirmed || earned, "M7", "confirmed, and nobody paid what was asked");
        unless(std::count_if(data_.money.payments.begin(), data_.money.payments.end(),
                             [](const Payment& p) { return p.role == Role::service; }) <= 1,
               "M7", "two service payments");
    }

    void one_ask() {
        const auto open =
            std::count_if(data_.checkouts.begin(), data_.checkouts.end(), [](const Checkout& c) { return !c.closed(); });
        unless(open <= 1, "M8", std::to_string(open) + " checkouts are not closed");
        const bool standing = std::any_of(data_.checkouts.begin(), data_.checkouts.end(),
                                          [](const Checkout& c) { return c.phase == CheckoutPhase::open; });
        unless(!standing || is_unpaid(state_), "M8", "a checkout stays open that nobody wants");
    }

    void meeting() {
        const auto& meeting = data_.meeting;
        unless(meeting.phase != MeetingPhase::making || meeting.creating || !makes_own_meeting(data_), "Z1",
               "a meeting is being made by no call");
        unless(!is_dead(state_) || meeting.phase != MeetingPhase::moving, "Z2", "a dead booking moves a meeting");
        unless(!is_unpaid(state_) && state_ != State::initiated ? true : meeting.phase == MeetingPhase::none, "Z2",
               "a meeting before the booking is confirmed");
    }

    void invitee() {
        const Slot& slot = data_.slot;
        unless(slot.invitee.empty() ||
                   std::find(slot.superseded.begin(), slot.superseded.end(), slot.invitee) == slot.superseded.end(),
               "C1", "the current invitee is one that was replaced");
        unless(slot.phase == SlotPhase::none || !slot.invitee.empty(), "C1", "a slot of no invitee");
    }

    /// S2: what only a person can decide is in front of one.
    void told_of() {
        for (const Payment& payment : data_.money.payments)
            if (payment.role == Role::unasked && payment.phase == PaymentPhase::captured && payment.waiting > 0)
                unless(told("amount_mismatch") || told("unexpected_money") || told("refund_failed"), "S2",
                       payment.id + ": undecided, and nobody is told");
        for (const Dispute& dispute : data_.money.disputes) {
            if (dispute.phase == DisputePhase::inquiry || dispute.blocks())
                unless(told("dispute") || told("dispute_after_refund"), "S2", dispute.id + ": open, and nobody is told");
            if (dispute.phase == DisputePhase::lost)
                unless(told("dispute_lost"), "S2", dispute.id + ": lost, and nobody is told");
        }
        for (const Refund& row : data_.money.refunds)
            unless(!money::failed_unanswered(data_, row) || told("refund_failed"), "S2", row.id + ": failed, and nobody is told");
        const auto most = data_.terms.max_reschedules;
        if (state_ == State::confirmed && most > 0 && data_.slot.reschedules > most)
            unless(told("too_many_reschedules"), "S2", "too many reschedules, and nobody is told");
    }

    /// S1: state and data tell the same story.
    void label_of_slot() {
        const SlotPhase phase = data_.slot.phase;
        const bool held = phase == SlotPhase::held || phase == SlotPhase::moving;
        unless(state_ == State::none || !data_.terms.session_type.empty(), "S1", "a booking without terms");
        if (state_ == State::initiated) unless(phase == SlotPhase::none, "S1", "INITIATED, with a slot");
        if (is_unpaid(state_) || state_ == State::confirmed) unless(held, "S1", "it lives, and has no slot");
        if (is_unpaid(state_)) unless(!money::service(data_), "S1", "paid, and not confirmed");
        if (is_unpaid(state_)) unless(data_.terms.price > 0, "S1", "it waits for money, and is free of charge");
        if (is_alive(state_) || state_ == State::completed) unless(!data_.ended, "S1", "it goes on, and says why it ended");
        if (is_dead(state_)) unless(data_.ended || money::captured_any(data_), "S1", "it ended, and does not say why");
        if (state_ == State::abandoned && data_.ended)
            unless(data_.ended->why == "no_slot" || data_.ended->why == "no_payment", "S1",
                   "ABANDONED because of " + data_.ended->why);
        if (state_ == State::canceled && data_.ended && data_.ended->why.starts_with("no_")) // by rule R, out of REFUNDED
            unless(money::captured_any(data_), "S1", "CANCELED because of " + data_.ended->why);
        if (state_ == State::abandoned && data_.ended && data_.ended->why == "no_slot")
            unless(phase == SlotPhase::none, "S1", "no slot was taken, and it has one");
    }

    State state_;
    const Data& data_;
    std::vector<Violation> found_;
};

} // namespace

std::vector<Violation> violations(State state, const Data& data) { return Audit(state, data).run(); }

std::vector<Violation> violations(std::string_view state, std::string_view data) {
    const auto found = std::find(Booking::states.begin(), Booking::states.end(), state);
    if (found == Booking::states.end()) throw std::invalid_argument("unknown state of a booking: " + std::string(state));
    return violations(static_cast<State>(found - Booking::states.begin()), read(data));
}

} // namespace appointd::booking
