#pragma once

#include "foundation/json.hpp"
#include "http/site.hpp"
#include "tests/integration/http/fake_world.hpp"
#include "tests/support/loopback.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace appointd::http {

using testing_support::Answer;

class FakeClock final : public engine::Clock {
public:
    Time now() const override { return *parse_iso("2026-11-21T10:00:00Z"); }
    std::chrono::steady_clock::time_point monotonic() const override { return std::chrono::steady_clock::now(); }
};

/// Counts: every draw differs, every run is the same.
class FakeRandom final : public engine::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        ++drawn_;
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(drawn_ >> (8 * (i % 4)));
    }
    std::uint64_t bits() override { return ++drawn_; }

private:
    std::uint64_t drawn_ = 0;
};

/// Both listeners on real sockets, over a fake world.
struct House : testing::Test {
    explicit House(Settings settings = {}, net::ServerLimits limits = {});
    ~House() override;

    Answer ask_public(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& headers = "");
    Answer ask_admin(const std::string& method, const std::string& path, const std::string& body = "",
                     const std::string& headers = "");
    Answer get(const std::string& path) { return ask_public("GET", path); }
    Answer admin(const std::string& path) { return ask_admin("GET", path); }

    /// Creates a booking over the API; answers its data.
    json::object book(const std::string& headers = "");
    /// Puts a booking into the world as it stands.
    engine::WorkflowId put(const std::string& state, const std::string& data,
                           const std::string& id = "01930000-0000-7000-8000-000000000001");
    void change(const std::function<void(testing_support::FakeWorld&)>& work);

    static json::object data_of(const Answer& answer);
    static std::string code_of(const Answer& answer);

    testing_support::FakeWorld world;
    testing_support::Loop loop;
    FakeClock clock;
    FakeRandom random;
    testing_support::FakeReaders readers{world};
    std::unique_ptr<engine::Engine> engine;
    std::vector<std::string> told; ///< "webhook stripe applied", "admin /metrics 200": the loop's thread writes
    std::unique_ptr<Site> site;
    std::unique_ptr<testing_support::LoopbackServer> outside, inside;
    std::vector<std::string> heard();
    /// What a provider answers to an attempt made outside the engine; set it before anything asks.
    std::function<engine::AttemptResult(const engine::Attempt&)> outside_world;
};

constexpr const char* booking_body = R"({"session_type":"coaching-60","invitee":{"name":"Ann Poe","email":"ann@example.org"}})";

} // namespace appointd::http
