#pragma once

#include "foundation/time.hpp"
#include "workflows/booking/terms.hpp"
#include "workflows/booking/told.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a booking remembers beside its state. Values only; money is integer minor units, times are UTC.
/// docs/booking.md tells the story; `read` and `write` below fix the stored text.
namespace appointd::booking {

/// moving: half of a reschedule arrived; releasing: we asked Calendly to cancel; past: it began, nothing to free.
enum class SlotPhase { none, held, moving, releasing, free, past };
struct Slot {
    SlotPhase phase = SlotPhase::none;
    std::string invitee, event, timezone, cancel_url, reschedule_url;
    std::string location, join_url; ///< Calendly's own conference, where it makes one
    std::string next;               ///< moving: the invitee that the cancellation named
    std::optional<Time> start, end;
    std::optional<Time> created_at; ///< of the invitee: the newest wins
    std::optional<Time> moving_since;
    std::vector<std::string> superseded; ///< invitees that a newer one replaced
    std::vector<std::string> unseen;     ///< those of them that were only named: a part of the chain is still to come
    std::int64_t reschedules = 0;
    bool group = false; ///< the event takes several invitees: no call frees one seat
    friend bool operator==(const Slot&, const Slot&) = default;
};

enum class CheckoutPhase { making, open, expiring, complete, expired, failed };
struct Checkout {
    std::int64_t n = 1;
    std::string session, url;
    CheckoutPhase phase = CheckoutPhase::making;
    bool unknown = false; ///< failed, its create was skipped: it may stand at Stripe
    bool closed() const { return phase >= CheckoutPhase::complete; }
    friend bool operator==(const Checkout&, const Checkout&) = default;
};

enum class PaymentPhase { processing, failed, captured };
enum class Role {
    service,
    surplus,
    unasked
}; ///< unasked: nobody asked for this sum; a person decides, or it goes back at the start
struct Payment {
    std::string id, session, currency;
    PaymentPhase phase = PaymentPhase::processing;
    Role role = Role::unasked;
    bool outside = false;  ///< booked by an operator: no provider can return it
    bool accepted = false; ///< an operator took it as the service payment
    std::int64_t captured = 0;
    std::int64_t waiting = 0;  ///< captured and not yet kept, returned, on its way back, or lost
    std::int64_t overpaid = 0; ///< what went out beyond captured: returned and lost in a dispute as well
    friend bool operator==(const Payment&, const Payment&) = default;
};

enum class RefundPhase { owed, sent, pending, held_by_dispute, done, settled_outside, failed, replaced, returned_by_dispute };
struct Refund {
    std::string id; ///< ours: metadata[refund_id]
    std::string payment;
    std::string stripe;       ///< Stripe's id, once known
    std::string cause;        ///< surplus, late, policy, full, operator, undecided, no_show, by_hand, outside
    std::int64_t ordinal = 1; ///< of this cause on this payment
    std::string follows;      ///< the row this one stands in for, after that one failed or was replaced
    std::int64_t amount = 0;
    RefundPhase phase = RefundPhase::owed;
    bool underway() const { return phase <= RefundPhase::held_by_dispute; }
    bool done() const { return phase == RefundPhase::done || phase == RefundPhase::settled_outside; }
    friend bool operator==(const Refund&, const Refund&) = default;
};

/// prevented: settled before it was a dispute, and Stripe does not say where the money went: blocks refunds until a person does.
enum class DisputePhase { inquiry, open, won, lost, prevented };
struct Dispute {
    std::string id, payment;
    std::int64_t amount = 0;
    DisputePhase phase = DisputePhase::open;
    std::optional<Time>
        decided_at; ///< the verdict's own moment: an appeal may bring a later one. Prevented: when a person settled it
    /// Refunds of its payment wait.
    bool blocks() const { return phase == DisputePhase::open || (phase == DisputePhase::prevented && !decided_at); }
    friend bool operator==(const Dispute&, const Dispute&) = default;
};

enum class KeptCause { session, policy, by_operator };
struct Kept {
    std::string payment;
    std::int64_t amount = 0;
    KeptCause cause = KeptCause::session;
    friend bool operator==(const Kept&, const Kept&) = default;
};

struct Money {
    std::vector<Payment> payments;
    std::vector<Refund> refunds;
    std::vector<Dispute> disputes;
    std::vector<Kept> kept;
    friend bool operator==(const Money&, const Money&) = default;
};

enum class MeetingPhase { none, making, live, moving, removing, gone };
struct Meeting {
    MeetingPhase phase = MeetingPhase::none;
    std::string id, join_url;
    std::string lost_link;        ///< of one that was deleted inside Zoom: restored, it has it again
    std::optional<Time> start;    ///< as set at Zoom
    std::optional<Time> asked;    ///< as we last asked for
    std::optional<Time> asked_at; ///< when we asked: what Zoom tells of earlier moments is an echo
    bool creating = false;        ///< a create whose outcome is not in: never ask for another
    bool running = false;         ///< a delete or a move was refused because people are in it
    std::int64_t remade = 0;
    std::vector<std::string> old;    ///< meetings this one replaced
    std::vector<std::string> strays; ///< twins being deleted
    friend bool operator==(const Meeting&, const Meeting&) = default;
};

struct Session {
    std::string uuid;
    std::optional<Time> started, ended;
    friend bool operator==(const Session&, const Session&) = default;
};
struct Met {
    std::vector<Session> sessions; ///< the last few
    std::int64_t joined = 0;       ///< joins of people other than the host
    std::string no_show;           ///< guest, host or empty
    std::string recording;
    friend bool operator==(const Met&, const Met&) = default;
};

struct Ended {
    std::string why;        ///< no_slot, no_payment, canceled, refunded, dispute_lost, undecided_money
    std::string by;         ///< invitee, host, operator or empty
    std::string refund;     ///< what was decided about the money: full, policy, none, an amount or empty
    std::optional<Time> at; ///< the provider's moment
    friend bool operator==(const Ended&, const Ended&) = default;
};

struct Flag {
    std::string reason; ///< one of attention_reasons
    Time since{};
    std::string note;
    friend bool operator==(const Flag&, const Flag&) = default;
};

/// A call of ours that failed: what an operator may retry, and what reconciliation opens again.
struct Call {
    std::string activity, kind, flag;
    std::string about;      ///< the refund, session, meeting or payment it was for
    bool exhausted = false; ///< used up for a retryable reason
    bool reopened = false;  ///< another round is under way
    friend bool operator==(const Call&, const Call&) = default;
};

struct Data {
    Terms terms;
    std::string name, email, page_key;
    std::string metadata; ///< a JSON object as text, or empty
    std::string link;     ///< Calendly's scheduling link
    Slot slot;
    std::vector<Checkout> checkouts; ///< the last is the current one
    Money money;
    Meeting meeting;
    Met met;
    std::optional<Ended> ended;
    std::optional<Time> deadline;      ///< of the payment window
    std::optional<Time> reconciled_at; ///< when the providers were last asked about it
    std::vector<Flag> flags;
    std::vector<Call> calls;
    std::vector<std::string> settled; ///< attention that a person settled, by reason
    Told told;
    std::vector<Owed> owed;
    std::int64_t declined = 0, refund_count = 0, reconciled = 0;
    friend bool operator==(const Data&, const Data&) = default;

    Checkout* checkout() { return checkouts.empty() ? nullptr : &checkouts.back(); }
    const Checkout* checkout() const { return checkouts.empty() ? nullptr : &checkouts.back(); }
    /// The checkout whose create has not answered, where a session that we do not know can be no other's.
    bool one_being_made() const {
        for (const Checkout& other : checkouts)
            if (other.unknown) return false;
        return checkout() && checkout()->phase == CheckoutPhase::making;
    }
    bool flagged(std::string_view reason) const;
};

/// Throws std::invalid_argument on text that `write` did not make.
Data read(std::string_view text);
/// Compact JSON, fields in a fixed order: the same data writes the same bytes.
std::string write(const Data& data);

} // namespace appointd::booking
