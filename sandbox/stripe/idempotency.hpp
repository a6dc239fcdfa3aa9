#pragma once

#include "foundation/time.hpp"
#include "net/http_message.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace appointd::sandbox::stripe {

/// Remembers the first execution of each key: status and body, success or failure, for as long as Stripe does.
class IdempotencyStore {
public:
    explicit IdempotencyStore(Duration life) : life_(life) {}

    enum class Verdict { fresh, replay, other_parameters, in_progress };
    struct Looked {
        Verdict verdict = Verdict::fresh;
        net::Response response{}; ///< of a replay
    };

    /// `fingerprint` is method, path and parameters.
    Looked look(const std::string& key, const std::string& fingerprint, Time now);
    void store(const std::string& key, const std::string& fingerprint, const net::Response& response, Time now);

    /// A call under way holds its key: another with the same key is a conflict until it is released.
    void hold(const std::string& key) { held_.insert(key); }
    void release(const std::string& key) { held_.erase(key); }

private:
    struct Entry {
        std::string fingerprint;
        net::Response response;
        Time stored_at;
    };
    Duration life_;
    std::map<std::string, Entry> entries_;
    std::set<std::string> held_;
};

} // namespace appointd::sandbox::stripe
