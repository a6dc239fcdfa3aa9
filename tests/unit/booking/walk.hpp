#pragma once

#include "tests/unit/booking/desk.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace appointd::booking::testing {

/// A world that behaves as the providers do and chooses at random: customers pay, decline and come back, hosts cancel, webhooks
/// are lost, doubled and late, calls fail. It never breaks a provider's own rule (no refund beyond a charge), so the invariants
/// must hold throughout.
class Walk : public Desk {
protected:
    void begin(std::uint64_t seed);
    void step();
    /// Everybody stops acting; calls are answered, timers ring: the booking must come to rest.
    void come_to_rest();

private:
    struct Charge {
        std::int64_t amount = 0;
        std::string currency = "usd", session;
        bool processing = false, failed = false, disputed = false, dispute_closed = false;
    };
    struct Back {
        std::string re, payment, ours, status;
        std::int64_t amount = 0;
    };
    bool chance(int percent) { return std::uniform_int_distribution<int>(1, 100)(random_) <= percent; }
    int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
    template <class Rows> auto& any(Rows& rows) { return rows[static_cast<std::size_t>(below(static_cast<int>(rows.size())))]; }

    void outside(std::string_view type, json::object payload, std::string_view source);
    void answer_call();
    void answer_well(const Activity& call);
    void tell_failure(const std::string& session);
    json::object session_says(const std::string& session) const;
    json::object refund_answer(const Activity& call);
    json::array listed(std::string_view payment) const;
    std::int64_t refunded(std::string_view payment) const;
    void calendly();
    void stripe_in();
    void stripe_back();
    void zoom_speaks();
    void an_operator();
    void tell_refund(const Back& back);
    void tell_charge(const std::string& payment);

    std::mt19937_64 random_;
    std::map<std::string, std::string> sessions_; ///< open, complete, expired
    std::map<std::string, std::string> paid_by_;  ///< session -> payment
    std::map<std::string, Charge> charges_;
    std::vector<Back> backs_;
    std::vector<Line> told_;
    int invitees_ = 0, payments_ = 0, refunds_ = 0, meetings_ = 0, uuids_ = 0;
};

} // namespace appointd::booking::testing
