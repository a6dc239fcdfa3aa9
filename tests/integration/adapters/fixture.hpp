#pragma once

#include "adapters/activities.hpp"
#include "adapters/calendly/subscription.hpp"
#include "foundation/encoding.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::adapters::tests {

using namespace std::chrono_literals;
using Kind = engine::AttemptResult::Kind;

inline const std::string booking_id = "019a9f00-0000-7000-8000-000000000001";
inline const std::string event_type = "https://api.calendly.com/event_types/T1";

/// Wall time by hand, monotonic time by hand on top of the real one.
class TestClock final : public engine::Clock {
public:
    Time now() const override { return Time{Duration{micros_.load()}}; }
    std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::now() + Duration{skipped_.load()};
    }
    void pass(Duration time) {
        micros_ += time.count();
        skipped_ += time.count();
    }

private:
    std::atomic<std::int64_t> micros_{to_micros(*parse_iso("2026-11-20T10:00:00Z"))}, skipped_{0};
};

class TestRandom final : public engine::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override { std::fill(bytes.begin(), bytes.end(), std::uint8_t{7}); }
    std::uint64_t bits() override { return 0; } // no jitter
};

/// [["name", "value"], …] as an activity stores its form.
inline json::array form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    json::array all;
    for (const auto& [name, value] : fields) all.push_back(json::array{json::value(name), json::value(value)});
    return all;
}

inline net::Response json_response(int status, const json::value& body, net::Headers headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return {status, std::move(headers), json::serialize(body)};
}

/// A provider with state, and faults that are queued for the calls that they name.
class Fake {
public:
    enum class Mishap {
        answer, ///< `response` instead of doing anything
        lose,   ///< done, but the answer is lost
        drop,   ///< not done, and the connection is cut
        late,   ///< done, but answered after a second
    };
    struct Fault {
        std::string about; ///< part of "METHOD /path"
        Mishap mishap;
        net::Response response{};
    };
    virtual ~Fake() = default;

    void fault(std::string about, Mishap mishap, net::Response response = {}) {
        faults_.push_back({std::move(about), mishap, std::move(response)});
    }

    asio::awaitable<net::Response> handle(net::Request request);

    int count(std::string_view about) const {
        int number = 0;
        for (const auto& request : seen) number += (request.method + " " + request.path).find(about) != std::string::npos;
        return number;
    }
    std::string header(std::size_t index, std::string_view name) const {
        return std::string(net::find_header(seen.at(index).headers, name).value_or(""));
    }

    std::vector<net::Request> seen;

protected:
    virtual net::Response answer(const net::Request& request) = 0;

private:
    std::deque<Fault> faults_;
};

/// The activities against one fake that plays all three providers, each under a path prefix. Asio runs on a thread of its own.
class Harness : public testing::Test {
protected:
    explicit Harness(Fake& fake);
    ~Harness() override;

    std::string url() const;
    void stop_server();
    static std::optional<SessionTerms> session_type(std::string_view uri);

    engine::Attempt attempt(std::string kind, const json::object& request);
    engine::Attempt again(engine::Attempt attempt);
    /// The first attempt of another round, as an operator's retry begins it.
    engine::Attempt next_round(engine::Attempt attempt);
    std::future<engine::AttemptResult> begin(engine::Attempt attempt);
    engine::AttemptResult carry_out(engine::Attempt attempt) { return begin(std::move(attempt)).get(); }
    engine::AttemptResult carry_out(std::string kind, const json::object& request) {
        return carry_out(attempt(std::move(kind), request));
    }
    /// With activities that have no credentials at all.
    engine::AttemptResult carry_out_bare(engine::Attempt attempt);
    Result<calendly::Subscription> ensure_subscription(calendly::ApiConfig api, calendly::SubscriptionConfig wanted);

    static json::object facts(const engine::AttemptResult& result);

    TestClock clock;
    TestRandom random;

private:
    struct Machinery;
    std::future<engine::AttemptResult> begin(Activities& activities, engine::Attempt attempt);
    std::unique_ptr<Machinery> machinery_;
};

/// Owns the fake before the harness that serves it.
template <class Provider> struct Owner { Provider fake; };
template <class Provider> class ActivitiesTest : public Owner<Provider>, public Harness {
protected:
    ActivitiesTest() : Harness(Owner<Provider>::fake) {}
};

} // namespace appointd::adapters::tests
