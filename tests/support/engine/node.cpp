#include "tests/support/engine/node.hpp"

#include "tests/support/engine/parcel.hpp"
#include "tests/support/engine/puppet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace appointd::engine::testing {

namespace asio = boost::asio;

Options quick_options() {
    Options options;
    options.poll = std::chrono::milliseconds(3);
    options.throttles["post"] = Throttle{.per_second = 10'000, .burst = 10'000, .in_flight = 64};
    return options;
}

Definitions tiny_definitions() {
    std::vector<Definition> definitions;
    definitions.push_back(make_parcel());
    definitions.push_back(make_puppet());
    return Definitions(std::move(definitions));
}

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

namespace {

/// Says what the pipelines meet, for whoever wonders about a test.
class Trace final : public Observer {
public:
    explicit Trace(bool speaks) : speaks_(speaks) {}
    void committed(std::size_t events, Seconds) override {
        if (speaks_) say("committed " + std::to_string(events));
    }
    void commit_failed(Commit status, std::string_view detail) override {
        if (speaks_) say("commit failed " + std::to_string(static_cast<int>(status)) + " " + std::string(detail));
    }
    void trouble(std::string_view code, std::string_view message) override {
        if (speaks_) say(std::string(code) + ": " + std::string(message));
    }

private:
    void say(const std::string& text) const {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
        std::cerr << (std::to_string(passed.count()) + " " + text + "\n");
    }
    bool speaks_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace

Node::Node(Stores& stores, World& world, ManualClock& clock, Options options, std::uint64_t seed, Observer* observer,
           Definitions definitions)
    : guard_(context_.get_executor()), random_(seed),
      listener_(std::make_unique<Trace>(std::getenv("APPOINTD_TEST_TRACE") != nullptr)), handler_(world, context_.get_executor()),
      engine_(Engine::make(context_.get_executor(), std::move(options), std::move(definitions), stores, handler_, clock, random_,
                           observer ? *observer : *listener_)) {}

Node::~Node() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    engine_.reset();
}

void Node::start() {
    if (const auto started = engine_->start(); !started) throw std::runtime_error(started.error().code);
    thread_ = std::thread([this] { context_.run(); });
}

std::future<Answer> Node::send(Incoming incoming) {
    auto promise = std::make_shared<std::promise<Answer>>(); // set twice, it throws: exactly one answer
    engine_->submit(std::move(incoming), [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}

namespace {
Answer wait_for(std::future<Answer> answer) {
    if (answer.wait_for(std::chrono::seconds(10)) != std::future_status::ready) throw std::runtime_error("no answer in 10 s");
    return answer.get();
}
} // namespace

Answer Node::submit(Incoming incoming) { return wait_for(send(std::move(incoming))); }

Answer Node::requeue(EventId id) {
    auto promise = std::make_shared<std::promise<Answer>>();
    engine_->requeue(id, [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return wait_for(promise->get_future());
}

void Node::stop(std::chrono::milliseconds limit) { asio::co_spawn(context_, engine_->stop(limit), asio::use_future).get(); }

} // namespace appointd::engine::testing
