#pragma once

#include "workflows/booking/data.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace appointd::booking {

/// What the providers hold for one booking at one moment: everything that carries its id or belongs to its sessions. Filled from
/// an explorer's models of the providers, or from the sandbox's ledger; the quiet invariants compare a booking with it.
struct World {
    struct Session {
        std::string id;
        bool open = false;
    };
    struct Charge { ///< captured money
        std::string payment, currency;
        std::int64_t captured = 0;
    };
    struct Refund {
        std::string id, payment;
        std::string ours;   ///< metadata[refund_id]; empty where a person made it
        std::string status; ///< Stripe's word
        std::int64_t amount = 0;
        bool came_to_nothing() const { return status == "failed" || status == "canceled"; }
    };
    struct Dispute {
        std::string id, payment;
        std::int64_t amount = 0;
        DisputePhase phase = DisputePhase::open;
    };
    struct Meeting { ///< one that stands at Zoom and bears the booking's mark
        std::string id;
        std::optional<Time> start;
        bool used = false; ///< people have been in it
    };
    struct Invitee {
        std::string uri;
        bool active = false;
        std::optional<Time> canceled_at{}; ///< by Calendly's clock, where that is known
    };

    Time now{};
    std::vector<Session> sessions;
    std::vector<Charge> charges;
    std::vector<Refund> refunds;
    std::vector<Dispute> disputes;
    std::vector<Meeting> meetings;
    std::vector<Invitee> invitees;
};

} // namespace appointd::booking
