#pragma once

#include "engine/core/definition.hpp"
#include "tests/model/booking/values.hpp"

#include <optional>
#include <vector>

namespace appointd::model {

/// A message as the model decided it. `after`: the booking then; applied ones only.
struct Decision {
    const Message& message;
    Time now;
    int seq;
    const Decided& decided;
    const Row& after;
};

/// One history folded a second time, beside the model (H1): with nothing of the booking forgotten, and no decision remembered
/// from another way to the same row. Once it differs it says so and stands still.
class Fold {
public:
    explicit Fold(const engine::Definition& definition) : definition_(definition) {}
    void take(const Decision& decision);
    std::vector<booking::Violation> take_violations() { return std::exchange(violations_, {}); }

private:
    const engine::Definition& definition_;
    std::optional<engine::Workflow> workflow_;
    std::vector<booking::Violation> violations_;
    bool stuck_ = false;
};

/// Forgets what influences no decision, so that bookings that will behave alike are one row of the model: the fold checks that
/// it influences none.
void forget_moments(booking::Data& data, engine::Timers& timers);

} // namespace appointd::model
