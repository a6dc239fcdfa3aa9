#pragma once

#include "engine/ports/reader.hpp"
#include "engine/runtime/engine.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace appointd::testing_support {

/// What a store would hold, in memory; the fakes of engine and reader share it.
struct FakeWorld {
    std::mutex mutex;
    std::vector<engine::WorkflowRow> workflows;
    std::vector<engine::EventRow> events;
    std::vector<engine::ActivityRow> activities;
    bool queue_full = false;
    bool database_away = false;
    int readers_opened = 0;
    std::vector<engine::WorkflowFilter> lists; ///< every question for one
    bool lists_held = false;                   ///< every list waits until this is false again (tell `changed`)
    int lists_waiting = 0;
    std::condition_variable changed;

    engine::WorkflowRow* find(engine::WorkflowId id);
    engine::EventRow* find(engine::EventId id);
};

/// Remembers and decides like the real one, by a table of a few rules: see decide() in fake_engine.cpp.
std::unique_ptr<engine::Engine> make_fake_engine(boost::asio::any_io_executor executor, FakeWorld& world);

class FakeReaders final : public engine::Readers {
public:
    explicit FakeReaders(FakeWorld& world) : world_(world) {}
    Result<std::unique_ptr<engine::Reader>> open() override;

private:
    FakeWorld& world_;
};

} // namespace appointd::testing_support
