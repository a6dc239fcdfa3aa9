#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/store.hpp"
#include "foundation/json.hpp"
#include "workflows/booking/data.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::booking::testing {

/// What became of one event.
struct Told {
    std::string disposition; ///< applied, ignored, deferred, refused, elsewhere
    std::string reason;      ///< of an applied one: its note
};

/// One line of a history: enough to decide it again.
struct Line {
    std::string type, source, payload, disposition, reason, state;
    Time occurred_at, now;
    int seq = 0;
    std::string step{}; ///< "FROM>TO" of an applied one
    engine::EventId id{};
};
/// As the store would keep it.
engine::EventRow row_of(const Line& line);

struct Activity {
    std::string id, kind;
    json::object request;
    int priority = 5;
    int round = 1;
};

/// Carries one booking through events as the engine would: raised events at once, parked events when it moves, timers and
/// activities kept. Checks after every event what must always hold (invariants, read of write); a breach is a failed expectation.
class Fold {
public:
    explicit Fold(Time now);

    Told send(std::string_view type, json::object payload, std::string_view source = "test",
              std::optional<Time> at = std::nullopt);
    /// The oldest open call of a kind comes back; false where none is open.
    bool succeed(std::string_view kind, json::object result);
    bool fail(std::string_view kind, bool exhausted, std::string_view code = "refused");
    Told answer(const Activity& activity, bool succeeded, json::object result, bool exhausted = false, bool skipped = false);
    /// Moves the clock to a timer and rings it; false where it is not set.
    bool ring(std::string_view name);
    /// Moves the clock, ringing what comes due on the way, in order.
    void pass(Duration time);
    /// Folds the recorded history again from nothing: every line must be decided the same, and give the same bytes.
    void expect_replay() const;

    std::string state() const { return workflow ? workflow->state : "none"; }
    Data data() const;
    json::object json_data() const;
    bool open(std::string_view kind) const { return count(kind) > 0; }
    std::size_t count(std::string_view kind) const;
    const Activity* find(std::string_view kind) const;
    bool timer(std::string_view name) const { return workflow && workflow->timers.contains(name); }
    std::optional<Time> timer_at(std::string_view name) const;
    bool flagged(std::string_view reason) const { return data().flagged(reason); }
    std::string attention() const { return attention_; }
    bool closed() const { return closed_; }
    bool bound(std::string_view id) const;

    Time now;
    engine::WorkflowId id;
    std::optional<engine::Workflow> workflow;
    std::vector<Line> history;
    std::vector<Activity> activities;     ///< open
    std::map<std::string, Activity> done; ///< answered, by id
    std::vector<engine::Event> parked;
    std::vector<std::string> keys;

private:
    Told decide(const engine::Event& event);
    void apply(const engine::Event& event, engine::Applied&& applied);
    void remember(const engine::Event& event, const Told& told, std::string step, int seq);
    engine::Workflow new_workflow() const;
    void look_again();
    void check(const engine::Applied& applied, const std::string& before, const Data& data_before, std::string_view type) const;
    engine::Definition definition_;
    std::string attention_;
    bool closed_ = false;
    int events_ = 0;
    std::vector<engine::ActivityId> skips_;
};

} // namespace appointd::booking::testing
