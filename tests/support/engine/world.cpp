#include "tests/support/engine/world.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace appointd::engine::testing {

void World::set_mood(const std::string& kind, Mood mood) {
    const std::lock_guard lock(mutex_);
    moods_[kind] = mood;
}

void World::set_retry_after(std::optional<Duration> wait) {
    const std::lock_guard lock(mutex_);
    retry_after_ = wait;
}

void World::set_touch(std::function<void(const Attempt&, AttemptResult&)> touch) {
    const std::lock_guard lock(mutex_);
    touch_ = std::move(touch);
}

void World::answer(const std::string& kind, Mood mood) {
    std::vector<std::pair<Done, AttemptResult>> answers;
    {
        const std::lock_guard lock(mutex_);
        moods_[kind] = mood;
        std::erase_if(silent_, [&](auto& call) {
            if (call.first.kind != kind) return false;
            answers.emplace_back(std::move(call.second), result_of(call.first, mood));
            return true;
        });
    }
    for (auto& [done, result] : answers) done(std::move(result));
}

void World::call(Attempt attempt, Done done) {
    AttemptResult result;
    {
        const std::lock_guard lock(mutex_);
        attempts_.push_back(attempt);
        const auto mood = moods_.find(attempt.kind);
        if (mood != moods_.end() && mood->second == Mood::silent) {
            silent_.emplace_back(std::move(attempt), std::move(done));
            return;
        }
        result = result_of(attempt, mood == moods_.end() ? Mood::well : mood->second);
    }
    done(std::move(result));
}

AttemptResult World::result_of(const Attempt& attempt, Mood mood) {
    using Kind = AttemptResult::Kind;
    AttemptResult result;
    result.retry_after = retry_after_;
    switch (mood) {
    case Mood::well: {
        result.kind = Kind::succeeded;
        result.result =
            attempt.kind == "label.print" ? R"({"tracking":"T-)" + to_string(attempt.id.workflow) + R"("})" : R"({"done":true})";
        if (attempt.kind == "label.print")
            result.binds.push_back(correlation_key("", "post", "default", "tracking", "T-" + to_string(attempt.id.workflow)));
        break;
    }
    case Mood::ill:
        result.kind = Kind::retry;
        result.provider_ok = false;
        result.code = "provider_error";
        result.message = "500";
        break;
    case Mood::refusing:
        result.kind = Kind::failed;
        result.code = "refused";
        result.message = "no such address";
        break;
    case Mood::busy:
    case Mood::silent:
        result.kind = Kind::wait;
        result.code = "busy";
        result.message = "later";
        break;
    }
    if (touch_) touch_(attempt, result);
    if (result.kind == Kind::succeeded) effects_.try_emplace(attempt.idempotency_key, Effect{attempt.id, result.result});
    return result;
}

std::vector<Attempt> World::attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
}

std::size_t World::attempts_of(const ActivityId& id) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(attempts_.begin(), attempts_.end(), [&](const Attempt& attempt) { return attempt.id == id; }));
}

std::map<std::string, World::Effect> World::effects() const {
    const std::lock_guard lock(mutex_);
    return effects_;
}

std::size_t World::silent() const {
    const std::lock_guard lock(mutex_);
    return silent_.size();
}

void WorldHandler::start(Attempt attempt, std::function<void(AttemptResult)> done) {
    world_.call(std::move(attempt), [executor = executor_, done = std::move(done)](AttemptResult result) {
        boost::asio::post(executor, [done, result = std::move(result)]() mutable { done(std::move(result)); });
    });
}

} // namespace appointd::engine::testing
