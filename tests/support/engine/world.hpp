#pragma once

#include "engine/ports/activity_handler.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace appointd::engine::testing {

/// The providers behind the activities, as state: each kind of call succeeds until a test says otherwise, and an effect stands
/// once for each idempotency key. Shared by the nodes of a test. Any thread.
class World {
public:
    enum class Mood {
        well,     ///< succeeds; label.print answers {"tracking": "T-WORKFLOW"}
        ill,      ///< 5xx: retry, and the provider is in trouble
        refusing, ///< a permanent error
        busy,     ///< asks to wait: nothing was sent
        silent,   ///< does not answer until `answer`
    };
    struct Effect {
        ActivityId activity;
        std::string result;
    };

    void set_mood(const std::string& kind, Mood mood);
    /// What a retry or wait asks for.
    void set_retry_after(std::optional<Duration> wait);
    /// Answers the calls that were left silent, in order, as `mood` says, and those to come.
    void answer(const std::string& kind, Mood mood);
    /// Changes results before they go out: to add facts learned, or another external id.
    void set_touch(std::function<void(const Attempt&, AttemptResult&)> touch);

    std::vector<Attempt> attempts() const;
    std::size_t attempts_of(const ActivityId& id) const;
    std::map<std::string, Effect> effects() const; ///< by idempotency key
    std::size_t silent() const;

    /// For the handlers.
    using Done = std::function<void(AttemptResult)>;
    void call(Attempt attempt, Done done);

private:
    AttemptResult result_of(const Attempt& attempt, Mood mood);

    mutable std::mutex mutex_;
    std::map<std::string, Mood> moods_;
    std::optional<Duration> retry_after_;
    std::function<void(const Attempt&, AttemptResult&)> touch_;
    std::vector<Attempt> attempts_;
    std::vector<std::pair<Attempt, Done>> silent_;
    std::map<std::string, Effect> effects_;
};

/// One node's way to the world; answers come on its executor.
class WorldHandler final : public ActivityHandler {
public:
    WorldHandler(World& world, boost::asio::any_io_executor executor) : world_(world), executor_(std::move(executor)) {}
    void start(Attempt attempt, std::function<void(AttemptResult)> done) override;

private:
    World& world_;
    boost::asio::any_io_executor executor_;
};

} // namespace appointd::engine::testing
