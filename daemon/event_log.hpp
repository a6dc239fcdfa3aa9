#pragma once

#include "engine/ports/observer.hpp"
#include "foundation/log.hpp"

namespace appointd::daemon {

/// What the engine tells of itself, as log lines: dead letters, failed attempts, breakers and troubles; every transition at level
/// debug.
class EventLog final : public engine::Observer {
public:
    explicit EventLog(Log log) : log_(std::move(log)) {}
    void decided(const Decided& decided) override;
    void commit_failed(engine::Commit status, std::string_view detail) override;
    void overloaded() override;
    void attempted(const engine::ActivityId& id, std::string_view kind, const engine::Lane& lane, std::string_view outcome,
                   std::string_view code, std::string_view message, int number, engine::Seconds took) override;
    void breaker(const engine::Lane& lane, engine::Breaker state) override;
    void trouble(std::string_view code, std::string_view message) override;

private:
    Log log_;
};

/// Tells two observers the same.
class BothObservers final : public engine::Observer {
public:
    BothObservers(engine::Observer& first, engine::Observer& second) : first_(first), second_(second) {}
    void decided(const Decided& decided) override;
    void committed(std::size_t events, engine::Seconds took) override;
    void commit_failed(engine::Commit status, std::string_view detail) override;
    void overloaded() override;
    void attempted(const engine::ActivityId& id, std::string_view kind, const engine::Lane& lane, std::string_view outcome,
                   std::string_view code, std::string_view message, int number, engine::Seconds took) override;
    void breaker(const engine::Lane& lane, engine::Breaker state) override;
    void timer_fired(std::string_view kind, std::string_view name, engine::Seconds late) override;
    void trouble(std::string_view code, std::string_view message) override;

private:
    engine::Observer& first_;
    engine::Observer& second_;
};

} // namespace appointd::daemon
