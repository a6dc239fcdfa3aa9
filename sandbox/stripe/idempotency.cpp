#include "sandbox/stripe/idempotency.hpp"

namespace appointd::sandbox::stripe {

IdempotencyStore::Looked IdempotencyStore::look(const std::string& key, const std::string& fingerprint, Time now) {
    if (held_.contains(key)) return {.verdict = Verdict::in_progress};
    const auto place = entries_.find(key);
    if (place == entries_.end()) return {};
    if (now - place->second.stored_at > life_) { // pruned: the same key executes again
        entries_.erase(place);
        return {};
    }
    if (place->second.fingerprint != fingerprint) return {.verdict = Verdict::other_parameters};
    return {.verdict = Verdict::replay, .response = place->second.response};
}

void IdempotencyStore::store(const std::string& key, const std::string& fingerprint, const net::Response& response, Time now) {
    entries_.insert_or_assign(key, Entry{fingerprint, response, now});
}

} // namespace appointd::sandbox::stripe
