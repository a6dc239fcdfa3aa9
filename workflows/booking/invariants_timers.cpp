#include "workflows/booking/invariants.hpp"

#include "workflows/booking/guards.hpp"
#include "workflows/booking/money.hpp"

#include <algorithm>
#include <chrono>

/// T1: what must ring is set, and nothing else is. M8: what is waited for is asked.
namespace appointd::booking {
namespace {

class Clockwork {
public:
    Clockwork(State state, const Data& data, const engine::Timers& timers, Time now)
        : state_(state), data_(data), timers_(timers), now_(now) {}

    std::vector<Violation> run() {
        const Slot& slot = data_.slot;
        const bool held = slot.phase == SlotPhase::held;
        if (state_ == State::initiated) must("slot_timeout");
        if (is_unpaid(state_)) {
            const bool open_window = data_.deadline && now_ < *data_.deadline && !money_holds();
            if (open_window) must("deadline", data_.deadline);
            if (open_window && !asked()) found_.push_back({"M8", "the window is open, and nothing is asked"});
            if (held && slot.start && now_ < *slot.start) must("start", slot.start);
        }
        if (state_ == State::confirmed && held) {
            if (slot.start && now_ < *slot.start) must("start", slot.start);
            if (slot.end && now_ < *slot.end + grace()) must("completion", *slot.end + grace());
            reminders();
        }
        if ((is_unpaid(state_) || state_ == State::confirmed) && slot.phase == SlotPhase::moving &&
            !data_.flagged("reschedule_lost") && slot.moving_since && now_ <= *slot.moving_since + std::chrono::hours(24))
            must("reschedule");
        if (unsettled(state_, data_)) must("reconcile");
        if (!is_alive(state_)) only("reconcile");
        if (state_ != State::initiated) mustnot("slot_timeout");
        if (state_ == State::confirmed || state_ == State::initiated) mustnot("deadline");
        if (slot.phase == SlotPhase::moving && state_ == State::confirmed) mustnot("completion");
        return std::move(found_);
    }

private:
    Duration grace() const { return std::chrono::seconds(data_.terms.completion_grace_seconds); }
    /// Money under way, in front of a person, or on its way back: only the start ends it.
    bool money_holds() const {
        const auto& payments = data_.money.payments;
        return std::any_of(payments.begin(), payments.end(), [&](const Payment& payment) {
            return payment.phase == PaymentPhase::processing ||
                   (payment.phase == PaymentPhase::captured && money::done(data_, payment.id) < payment.captured);
        });
    }
    /// There is a checkout, or will be; or a person knows that there is none; or one is complete, and its money is booked next.
    bool asked() const {
        const auto told = [&](std::string_view reason) {
            return data_.flagged(reason) || std::find(data_.settled.begin(), data_.settled.end(), reason) != data_.settled.end();
        };
        const auto& payments = data_.money.payments;
        const Checkout* current = data_.checkout();
        const bool paid_now = current && current->phase == CheckoutPhase::complete &&
                              std::none_of(payments.begin(), payments.end(),
                                           [&](const Payment& payment) { return payment.session == current->session; });
        return paid_now || told("checkout_failed") || told("checkout_open") ||
               std::any_of(data_.checkouts.begin(), data_.checkouts.end(), [](const Checkout& c) { return !c.closed(); });
    }
    void reminders() {
        if (!data_.slot.start) return;
        for (std::size_t k = 0; k < data_.terms.reminders_seconds.size() && k < 8; ++k) {
            const auto at = *data_.slot.start - std::chrono::seconds(data_.terms.reminders_seconds[k]);
            if (now_ < at) must("reminder." + std::to_string(k), at);
        }
    }
    void must(const std::string& name, std::optional<Time> at = std::nullopt) {
        const auto found = timers_.find(name);
        if (found == timers_.end())
            found_.push_back({"T1", name + " does not ring"});
        else if (at && found->second.at != *at)
            found_.push_back({"T1", name + " rings at " + to_iso(found->second.at) + ", not at " + to_iso(*at)});
    }
    void mustnot(const std::string& name) {
        if (timers_.contains(name)) found_.push_back({"T1", name + " still rings"});
    }
    void only(std::string_view name) {
        for (const auto& timer : timers_)
            if (timer.first != name) found_.push_back({"T1", timer.first + " still rings"});
    }

    State state_;
    const Data& data_;
    const engine::Timers& timers_;
    Time now_;
    std::vector<Violation> found_;
};

} // namespace

std::vector<Violation> timer_violations(State state, const Data& data, const engine::Timers& timers, Time now) {
    return Clockwork(state, data, timers, now).run();
}

} // namespace appointd::booking
