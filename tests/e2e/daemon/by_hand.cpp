#include "tests/e2e/daemon/by_hand.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace appointd::e2e {

using namespace std::chrono_literals;

namespace {

std::string secret_of(sandbox::Provider provider) {
    switch (provider) {
    case sandbox::Provider::calendly: return sandbox::calendly::Settings{}.webhook_signing_key;
    case sandbox::Provider::stripe: return sandbox::stripe::Settings{}.webhook_secrets.front();
    case sandbox::Provider::zoom: return sandbox::zoom::Settings{}.secret_token;
    case sandbox::Provider::mail: break;
    }
    throw std::logic_error("a mailbox sends no webhooks");
}

} // namespace

net::Headers ByHand::headers_for(sandbox::Provider provider, const std::string& body, Time signed_at) const {
    sandbox::Webhook webhook;
    webhook.provider = provider;
    webhook.body = body;
    webhook.secrets = {secret_of(provider)};
    return sandbox::signed_headers(webhook, signed_at);
}

net::ClientResponse ByHand::send(sandbox::Provider provider, const std::string& body, net::Headers headers) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = stage_.places().public_url + "/webhooks/" + std::string(sandbox::name_of(provider));
    request.headers = std::move(headers);
    request.body = body;
    net::ClientResponse response = stage_.send(std::move(request));
    if (response.status == 200) stage_.told_by_hand();
    return response;
}

net::ClientResponse ByHand::send_signed(sandbox::Provider provider, const std::string& body, Time signed_at) {
    return send(provider, body, headers_for(provider, body, signed_at));
}

std::string invitee_created(const std::string& event_type, const std::string& invitee, const std::string& email) {
    const std::string event = "https://api.calendly.com/scheduled_events/E-" + invitee;
    const std::string created = to_iso(ByHand::now());
    json::object scheduled{{"uri", event}, {"name", "Session"}, {"status", "active"}};
    scheduled["start_time"] = to_iso(ByHand::now() + 48h);
    scheduled["end_time"] = to_iso(ByHand::now() + 49h);
    scheduled["event_type"] = "https://api.calendly.com/event_types/" + event_type;
    scheduled["location"] = json::object{{"type", "custom"}, {"location", "Link follows"}};
    scheduled["invitees_counter"] = json::object{{"total", 1}, {"active", 1}, {"limit", 1}};
    scheduled["created_at"] = created;
    json::object payload{{"uri", event + "/invitees/" + invitee}, {"event", event}, {"email", email}, {"name", "Ann Poe"}};
    payload["status"] = "active";
    payload["timezone"] = "UTC";
    payload["rescheduled"] = false;
    payload["old_invitee"] = nullptr;
    payload["new_invitee"] = nullptr;
    payload["payment"] = nullptr;
    payload["tracking"] = json::object{{"utm_content", nullptr}};
    payload["created_at"] = created;
    payload["updated_at"] = created;
    payload["something_new"] = json::array{1, 2, 3}; // unknown fields never matter
    payload["scheduled_event"] = std::move(scheduled);
    json::object whole{{"event", "invitee.created"}, {"created_at", created}, {"payload", std::move(payload)}};
    whole["created_by"] = "https://api.calendly.com/users/U1";
    return json::serialize(whole);
}

std::string disposition_of(const net::ClientResponse& response) {
    const auto data = demo::data_of(response);
    return data ? text_field(*data, "disposition").value_or("none") : demo::words_for(response);
}

std::string workflow_of(const net::ClientResponse& response) {
    const auto data = demo::data_of(response);
    return data ? text_field(*data, "workflow_id").value_or("") : "";
}

} // namespace appointd::e2e
