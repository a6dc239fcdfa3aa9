#pragma once

#include "workflows/booking/data.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

/// The stored words of the enumerations, and the closed list of attention reasons.
namespace appointd::booking {

template <class E> struct Names;
template <> struct Names<SlotPhase> {
    static constexpr std::array<std::string_view, 6> texts{"none", "held", "moving", "releasing", "free", "past"};
};
template <> struct Names<CheckoutPhase> {
    static constexpr std::array<std::string_view, 6> texts{"making", "open", "expiring", "complete", "expired", "failed"};
};
template <> struct Names<PaymentPhase> {
    static constexpr std::array<std::string_view, 3> texts{"processing", "failed", "captured"};
};
template <> struct Names<Role> { static constexpr std::array<std::string_view, 3> texts{"service", "surplus", "unasked"}; };
template <> struct Names<RefundPhase> {
    static constexpr std::array<std::string_view, 9> texts{
        "owed", "sent", "pending", "held_by_dispute", "done", "settled_outside", "failed", "replaced", "returned_by_dispute"};
};
template <> struct Names<DisputePhase> {
    static constexpr std::array<std::string_view, 5> texts{"inquiry", "open", "won", "lost", "prevented"};
};
template <> struct Names<KeptCause> { static constexpr std::array<std::string_view, 3> texts{"session", "policy", "operator"}; };
template <> struct Names<MeetingPhase> {
    static constexpr std::array<std::string_view, 6> texts{"none", "making", "live", "moving", "removing", "gone"};
};

template <class E> constexpr std::string_view text_of(E value) { return Names<E>::texts.at(static_cast<std::size_t>(value)); }
template <class E> E parse_name(std::string_view text) {
    for (std::size_t i = 0; i < Names<E>::texts.size(); ++i)
        if (Names<E>::texts[i] == text) return static_cast<E>(i);
    throw std::invalid_argument("unknown word in a booking's data: " + std::string(text));
}

/// Why a person is asked to look; a metric label, so the list is closed.
inline constexpr std::array<std::string_view, 27> attention_reasons{"paid_at_calendly",
                                                                    "link_failed",
                                                                    "checkout_failed",
                                                                    "checkout_open",
                                                                    "amount_mismatch",
                                                                    "unexpected_money",
                                                                    "refund_failed",
                                                                    "dispute",
                                                                    "dispute_lost",
                                                                    "dispute_after_refund",
                                                                    "paid_twice_back",
                                                                    "meeting_failed",
                                                                    "meeting_move_failed",
                                                                    "meeting_moved",
                                                                    "meeting_deleted",
                                                                    "meeting_left",
                                                                    "no_meeting",
                                                                    "used_after_cancel",
                                                                    "slot_held",
                                                                    "seat_held",
                                                                    "reschedule_lost",
                                                                    "too_many_reschedules",
                                                                    "canceled_after_start",
                                                                    "canceled_late",
                                                                    "moved_after_session",
                                                                    "link_before_payment",
                                                                    "activity_exhausted"};

} // namespace appointd::booking
