#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/observer.hpp"
#include "engine/ports/reader.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::metrics {

/// The closed lists behind the labels: series of these are there from the start, at zero; anything else is counted as "other".
struct Vocabulary {
    std::vector<engine::Definition> definitions; ///< kinds, states and event types
    std::vector<std::string> providers;          ///< "calendly", "stripe", "zoom"
    std::vector<std::string> attention;          ///< reasons
    std::string version;                         ///< of this build
    std::vector<std::string> invariants;         ///< names of what the auditor looks for
};

/// All families of the daemon, behind one object that the daemon owns and hands to the engine (as its observer) and to the
/// listeners. Every member is safe from any thread and cheap, except exposition() and census(), which are for a scrape.
class Metrics final : public engine::Observer {
public:
    explicit Metrics(Vocabulary vocabulary);
    ~Metrics() override;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// A webhook was answered. `disposition`: of the event, or "rejected" (4xx), or "unavailable" (503): exactly what was
    /// answered.
    void webhook_answered(std::string_view provider, std::string_view disposition, engine::Seconds took);
    /// Any request was answered. `listener` "public" or "admin"; `route` as declared in the route table, never the path itself.
    void request_answered(std::string_view listener, std::string_view route, int status, engine::Seconds took);

    /// At scrape: the gauges that only the store knows, all of them.
    void census(const engine::Census& census, Time now);
    /// At scrape, when the store could not be read: the gauges keep their last values, and appointd_store_reachable says so.
    void census_failed();
    void ready(bool is_ready);
    /// At scrape: events from outside that wait for a commit now.
    void queue_depth(std::size_t depth);

    /// The auditor looked at so many stored workflows.
    void audited(std::size_t workflows);
    /// The auditor found one that breaks this invariant.
    void invariant_broken(std::string_view name);

    /// The Prometheus text format, version 0.0.4, families in order of name.
    std::string exposition() const;

    void decided(const Decided& event) override;
    void committed(std::size_t events, engine::Seconds took) override;
    void commit_failed(engine::Commit status, std::string_view detail) override;
    void overloaded() override;
    void attempted(const engine::ActivityId& id, std::string_view kind, const engine::Lane& lane, std::string_view outcome,
                   std::string_view code, std::string_view message, int number, engine::Seconds took) override;
    void breaker(const engine::Lane& lane, engine::Breaker state) override;
    void timer_fired(std::string_view kind, std::string_view name, engine::Seconds late) override;
    void trouble(std::string_view code, std::string_view message) override;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

} // namespace appointd::metrics
