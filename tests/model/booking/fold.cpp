#include "tests/model/booking/fold.hpp"

#include "engine/core/timers.hpp"
#include "tests/model/booking/messages.hpp"

#include <algorithm>

namespace appointd::model {
namespace {

/// Alternatives of engine::Decision in the words of the model.
std::pair<Decided::What, std::string> outcome_of(const engine::Decision& decision) {
    using What = Decided::What;
    if (const auto* applied = std::get_if<engine::Applied>(&decision)) return {What::applied, applied->note};
    if (const auto* ignored = std::get_if<engine::Ignored>(&decision)) return {What::ignored, ignored->reason};
    if (const auto* deferred = std::get_if<engine::Deferred>(&decision)) return {What::deferred, deferred->reason};
    if (const auto* refused = std::get_if<engine::Refused>(&decision)) return {What::refused, refused->reason};
    return {What::elsewhere, std::get<engine::Elsewhere>(decision).reason};
}

/// As both sides compare: a message that is still owed to a listener tells moments that the model forgot, to nobody who decides.
std::string comparable(booking::Data data) {
    for (booking::Owed& owed : data.owed) owed.request.clear();
    return booking::write(data);
}

} // namespace

void forget_moments(booking::Data& data, engine::Timers& timers) {
    for (booking::Flag& flag : data.flags) {
        if (flag.reason != "meeting_moved") flag.since = {}; // that one is compared
        flag.note.clear();
    }
    data.declined = std::min<std::int64_t>(data.declined, 1);
    data.met.joined = std::min<std::int64_t>(data.met.joined, 1);
    for (auto& timer : timers) timer.second.set = 0;
}

void Fold::take(const Decision& decision) {
    if (stuck_) return;
    const Message& message = decision.message;
    if (workflow_) workflow_->revision = decision.seq - 1;
    if (workflow_ && message.source == "timer") workflow_->timers.erase(message.type.substr(std::string("timer.").size()));
    const engine::Event event{{}, message.source, message.type, message.at, message.payload, ""};
    auto outcome =
        definition_.transition(workflow_ ? &*workflow_ : nullptr, engine::Input{event, decision.now, booking_id(), decision.seq});
    const auto [what, reason] = outcome_of(outcome);
    if (what != decision.decided.what || reason != decision.decided.reason) {
        violations_.push_back(
            {"H1", message.type + ": decided \"" + decision.decided.reason + "\", and folded \"" + reason + "\""});
        stuck_ = true;
        return;
    }
    auto* applied = std::get_if<engine::Applied>(&outcome);
    if (!applied) return;
    booking::Data data = booking::read(applied->data);
    engine::Timers timers = applied->timers;
    forget_moments(data, timers);
    const Row& row = decision.after;
    const std::string row_data = comparable(row.data), data_text = comparable(std::move(data)),
                      rings = engine::encode_timers(timers);
    const std::string row_rings = engine::encode_timers(row.timers);
    const auto same = [&](std::string_view column, const std::string& stored, const std::string& folded) {
        if (stored != folded)
            violations_.push_back({"H1", message.type + ": the history folds to another " + std::string(column)});
    };
    same("state", row.state_text, applied->state);
    same("data", row_data, data_text);
    same("timers", row_rings, rings);
    stuck_ = !violations_.empty();
    workflow_ = engine::Workflow{.id = booking_id(),
                                 .owner = "",
                                 .kind = "booking",
                                 .version = 1,
                                 .state = std::move(applied->state),
                                 .revision = decision.seq,
                                 .data = std::move(applied->data),
                                 .timers = std::move(applied->timers)};
}

} // namespace appointd::model
