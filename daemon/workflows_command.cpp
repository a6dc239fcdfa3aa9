#include "daemon/workflows_command.hpp"

#include "daemon/admin_client.hpp"
#include "daemon/workflows_text.hpp"
#include "foundation/encoding.hpp"

#include <ostream>

namespace appointd::daemon {

namespace {

constexpr std::string_view root = "/admin/v1/";

std::string workflow_path(const std::string& id) { return std::string(root) + "workflows/" + percent_encode(id); }

net::ClientRequest request_of(const action::List& list) {
    std::string url = std::string(root) + "workflows?limit=" + std::to_string(list.limit);
    add_query(url, "state", list.state);
    add_query(url, "kind", list.kind);
    add_query(url, "q", list.q);
    add_query(url, "attention", list.attention);
    add_query(url, "cursor", list.cursor);
    return admin_get(std::move(url));
}

net::ClientRequest request_of(const action::Show& show) { return admin_get(workflow_path(show.id)); }

net::ClientRequest request_of(const action::Explain& explain) { return admin_get(workflow_path(explain.id) + "/explain"); }

net::ClientRequest request_of(const action::Replay& replay) { return admin_get(workflow_path(replay.id) + "/replay"); }

net::ClientRequest request_of(const action::History& history) {
    std::string url = workflow_path(history.id) + "/history?limit=200";
    add_query(url, "cursor", history.cursor);
    return admin_get(std::move(url));
}

void add_person(json::object& body, const action::Person& person) {
    if (!person.actor.empty()) body["actor"] = person.actor;
    if (!person.reason.empty()) body["reason"] = person.reason;
}

net::ClientRequest request_of(const action::SendEvent& event) {
    json::object body{{"type", event.type}, {"payload", parse_object(event.payload).value_or(json::object{})}};
    add_person(body, event.person);
    if (event.dry_run) body["dry_run"] = true;
    return admin_post(workflow_path(event.id) + "/events", body);
}

net::ClientRequest request_of(const action::OnActivity& act) {
    json::object body;
    add_person(body, act.person);
    if (act.dry_run) body["dry_run"] = true;
    return admin_post(std::string(root) + "activities/" + percent_encode(act.activity) + "/" + act.verb, body);
}

net::ClientRequest request_of(const action::DeadLetters& dead) {
    std::string url = std::string(root) + "dead-letters?limit=" + std::to_string(dead.limit);
    add_query(url, "cursor", dead.cursor);
    return admin_get(std::move(url));
}

net::ClientRequest request_of(const action::Requeue& requeue) {
    json::object body;
    add_person(body, requeue.person);
    return admin_post(std::string(root) + "dead-letters/" + percent_encode(requeue.id) + "/requeue", body);
}

/// An answer that is a success may still say that something is wrong.
bool is_well(const Action& action, const json::object& data) {
    return !std::holds_alternative<action::Replay>(action) || bool_field(data, "same").value_or(false);
}

} // namespace

net::ClientRequest admin_request(const Action& action) {
    return std::visit([](const auto& one) { return request_of(one); }, action);
}

int run_workflows(const WorkflowsCommand& command, const Environment& environment, std::ostream& out, std::ostream& err) {
    const auto client = AdminClient::open(command, environment);
    if (!client) {
        err << "appointd: " << client.error().message << "\n";
        return 2;
    }
    const net::ClientResponse response = client->call(admin_request(command.action));
    if (command.json && response.failure == net::ClientResponse::Failure::none) out << response.body << "\n";
    const auto data = client->data_of(response, err);
    if (!data) return 1;
    if (!command.json) out << action_text(command.action, *data);
    return is_well(command.action, *data) ? 0 : 1;
}

} // namespace appointd::daemon
