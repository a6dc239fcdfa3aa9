#include "daemon/workflows_command.hpp"

#include "daemon/workflows_text.hpp"
#include "foundation/encoding.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace appointd::daemon {

namespace {

constexpr std::string_view root = "/admin/v1/";

std::string workflow_path(const std::string& id) { return std::string(root) + "workflows/" + percent_encode(id); }

void add_query(std::string& url, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    url.append(url.find('?') == std::string::npos ? "?" : "&").append(name).append("=").append(percent_encode(value));
}

net::ClientRequest get(std::string url) {
    net::ClientRequest request;
    request.url = std::move(url);
    return request;
}

net::ClientRequest post(std::string url, std::string body) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = std::move(url);
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", "application/json");
    return request;
}

net::ClientRequest request_of(const action::List& list) {
    std::string url = std::string(root) + "workflows?limit=" + std::to_string(list.limit);
    add_query(url, "state", list.state);
    add_query(url, "kind", list.kind);
    add_query(url, "q", list.q);
    add_query(url, "attention", list.attention ? "true" : "");
    add_query(url, "cursor", list.cursor);
    return get(std::move(url));
}

net::ClientRequest request_of(const action::Show& show) { return get(workflow_path(show.id)); }

net::ClientRequest request_of(const action::History& history) {
    std::string url = workflow_path(history.id) + "/history?limit=200";
    add_query(url, "cursor", history.cursor);
    return get(std::move(url));
}

void add_person(json::object& body, const action::Person& person) {
    if (!person.actor.empty()) body["actor"] = person.actor;
    if (!person.reason.empty()) body["reason"] = person.reason;
}

net::ClientRequest request_of(const action::SendEvent& event) {
    json::object body{{"type", event.type}, {"payload", parse_object(event.payload).value_or(json::object{})}};
    add_person(body, event.person);
    if (event.dry_run) body["dry_run"] = true;
    return post(workflow_path(event.id) + "/events", json::serialize(body));
}

net::ClientRequest request_of(const action::Retry& retry) {
    json::object body;
    add_person(body, retry.person);
    return post(std::string(root) + "activities/" + percent_encode(retry.activity) + "/retry", json::serialize(body));
}

net::ClientRequest request_of(const action::DeadLetters& dead) {
    std::string url = std::string(root) + "dead-letters?limit=" + std::to_string(dead.limit);
    add_query(url, "cursor", dead.cursor);
    return get(std::move(url));
}

net::ClientRequest request_of(const action::Requeue& requeue) {
    json::object body;
    add_person(body, requeue.person);
    return post(std::string(root) + "dead-letters/" + percent_encode(requeue.id) + "/requeue", json::serialize(body));
}

/// One call, start to end, on an executor that lives only for it.
net::ClientResponse call(net::ClientRequest request) {
    boost::asio::io_context context(1);
    net::ClientResponse response;
    response.failure = net::ClientResponse::Failure::unknown;
    {
        const auto client = net::HttpClient::make(context.get_executor(), net::ClientLimits{});
        auto done = [&](std::exception_ptr failure, net::ClientResponse answer) {
            if (!failure) response = std::move(answer);
            // The client keeps idle connections under watch: without this the context would never run dry.
            context.stop();
        };
        boost::asio::co_spawn(context, client->send(std::move(request)), std::move(done));
        context.run();
    }
    return response;
}

/// The listener's own address, where a wildcard stands for this machine.
std::string admin_url(const std::string& listen) {
    const auto colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    return "http://" + host + listen.substr(colon);
}

struct Reach {
    std::string url, token;
};

Result<Reach> reach(const WorkflowsCommand& command, const Environment& environment) {
    Reach result{command.admin.value_or(""), command.token ? command.token->reveal() : ""};
    if (command.admin && command.token) return result;
    const auto configuration = load_configuration(command.config, environment);
    if (!configuration) return configuration.error();
    if (!command.admin) result.url = admin_url(configuration->http.admin_listen);
    if (!command.token) result.token = configuration->http.admin_token.reveal();
    return result;
}

/// The faults of a request, field by field, where the answer lists them.
std::string faults_text(const json::object* error) {
    const json::array* faults = error != nullptr ? array_field(*error, "details") : nullptr;
    std::string text;
    if (faults == nullptr) return text;
    for (const json::value& fault : *faults) {
        if (!fault.is_object()) continue;
        text += "\n  " + text_field(fault.get_object(), "field").value_or("") + " " +
                text_field(fault.get_object(), "message").value_or("");
    }
    return text;
}

/// What an answer that is no success says.
std::string failure_text(const net::ClientResponse& response, const std::string& url) {
    if (response.failure != net::ClientResponse::Failure::none) {
        return "cannot reach the admin API at " + url + ": " + response.error + " (is the daemon running? --admin names another)";
    }
    const auto body = parse_object(response.body);
    const json::object* error = body ? object_field(*body, "error") : nullptr;
    const std::string code = error != nullptr ? text_field(*error, "code").value_or("") : "";
    const std::string message = error != nullptr ? text_field(*error, "message").value_or("") : "";
    if (response.status == 401) return "the admin API wants a token: set APPOINTD_ADMIN_TOKEN or give --token";
    return "answered " + std::to_string(response.status) + (code.empty() ? "" : " " + code) +
           (message.empty() ? "" : ": " + message) + faults_text(error);
}

} // namespace

net::ClientRequest admin_request(const Action& action) {
    return std::visit([](const auto& one) { return request_of(one); }, action);
}

int run_workflows(const WorkflowsCommand& command, const Environment& environment, std::ostream& out, std::ostream& err) {
    const auto where = reach(command, environment);
    if (!where) {
        err << "appointd: " << where.error().message << "\n";
        return 2;
    }
    net::ClientRequest request = admin_request(command.action);
    request.url.insert(0, where->url);
    if (!where->token.empty()) request.headers.emplace_back("Authorization", "Bearer " + where->token);
    const net::ClientResponse response = call(std::move(request));
    const bool answered = response.failure == net::ClientResponse::Failure::none;
    if (command.json && answered) out << response.body << "\n";
    if (!answered || response.status < 200 || response.status > 299) {
        err << "appointd: " << failure_text(response, where->url) << "\n";
        return 1;
    }
    if (command.json) return 0;
    const auto body = parse_object(response.body);
    const json::object* data = body ? object_field(*body, "data") : nullptr;
    if (data == nullptr) {
        err << "appointd: " << where->url << " answered something that is not the admin API's\n";
        return 1;
    }
    out << action_text(command.action, *data);
    return 0;
}

} // namespace appointd::daemon
