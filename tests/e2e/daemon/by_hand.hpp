#pragma once

#include "sandbox/signing.hpp"
#include "tests/e2e/daemon/stage.hpp"

namespace appointd::e2e {

/// Webhooks sent by hand, signed as the sandbox's daemon settings say.
class ByHand {
public:
    explicit ByHand(Stage& stage) : stage_(stage) {}

    net::ClientResponse send(sandbox::Provider provider, const std::string& body, net::Headers headers);
    net::ClientResponse send_signed(sandbox::Provider provider, const std::string& body, Time signed_at);
    net::ClientResponse send_signed(sandbox::Provider provider, const std::string& body) {
        return send_signed(provider, body, now());
    }
    net::Headers headers_for(sandbox::Provider provider, const std::string& body, Time signed_at) const;
    static Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

private:
    Stage& stage_;
};

/// A webhook of Calendly's: somebody took a slot in two days.
std::string invitee_created(const std::string& event_type, const std::string& invitee, const std::string& email);
/// {"disposition","workflow_id"} of an answer.
std::string disposition_of(const net::ClientResponse& response);
std::string workflow_of(const net::ClientResponse& response);

} // namespace appointd::e2e
