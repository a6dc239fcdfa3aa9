#pragma once

#include "engine/ports/reader.hpp"
#include "tests/support/engine/memory_rows.hpp"

#include <mutex>

namespace appointd::engine::testing {

/// A database in memory, for one process: the plain model of both ports. Its commits come one after the other. Any thread.
class MemoryStore final : public Stores {
public:
    /// `lanes`: how many pipelines the engine may run.
    explicit MemoryStore(int lanes = 1) : lanes_(lanes), readers_(*this) {}

    Result<std::unique_ptr<Store>> open() override;
    int lanes() const override { return lanes_; }
    Readers& readers() { return readers_; }

    /// The tables under their lock, for tests that look behind the ports.
    template <class F> auto with(F&& look) {
        const std::lock_guard lock(mutex_);
        return look(rows_);
    }

private:
    struct MemoryReaders final : Readers {
        explicit MemoryReaders(MemoryStore& owner) : store(owner) {}
        Result<std::unique_ptr<Reader>> open() override;
        MemoryStore& store;
    };
    MemoryRows rows_;
    std::mutex mutex_;
    int lanes_;
    MemoryReaders readers_;
};

} // namespace appointd::engine::testing
