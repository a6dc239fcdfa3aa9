#pragma once

#include "engine/ports/store.hpp"

#include <chrono>
#include <string_view>

namespace appointd::engine {

using Seconds = std::chrono::duration<double>;

enum class Breaker { closed, half_open, open };

/// What the engine tells of itself; metrics and logs listen. Called from any thread, after the commit, never inside a
/// transaction. Must not block or throw.
class Observer {
public:
    virtual ~Observer() = default;
    struct Decided {
        WorkflowId workflow; ///< nil where it belongs to none
        EventId event;
        std::string_view kind, from, to, type, source, reason;
        Disposition disposition;
        int seq;
    };
    virtual void decided(const Decided&) {}
    virtual void committed(std::size_t /*events*/, Seconds /*took*/) {}
    virtual void commit_failed(Commit, std::string_view /*detail*/) {}
    virtual void overloaded() {}
    /// `outcome`: succeeded, failed, exhausted, retry, wait; late: an answer told of before was refused, somebody else had taken
    /// the call over (number and time are 0).
    virtual void attempted(const ActivityId&, std::string_view /*kind*/, const Lane&, std::string_view /*outcome*/,
                           std::string_view /*code*/, std::string_view /*message*/, int /*number*/, Seconds /*took*/) {}
    virtual void breaker(const Lane&, Breaker) {}
    virtual void timer_fired(std::string_view /*kind*/, std::string_view /*name*/, Seconds /*late*/) {}
    /// A stable code and what to do; facts of a failure that an operator can meet.
    virtual void trouble(std::string_view /*code*/, std::string_view /*message*/) {}
};

} // namespace appointd::engine
