#include "tests/integration/http/house.hpp"

namespace appointd::http {
namespace {

/// A provider that signs with a word: "X-Signature: good". The body names what the event is.
Result<Translation> translate(const net::Request& request, Time received_at) {
    const auto signature = net::find_header(request.headers, "X-Signature").value_or("");
    if (signature == "old") return Error{"stale_timestamp", "The signature is too old."};
    if (signature != "good") return Error{"bad_signature", "The signature does not fit."};
    const auto body = parse_object(request.body);
    if (!body) return Error{"malformed", "The body is not a JSON object."};
    if (const auto plain = text_field(*body, "plainToken")) return Translation(R"({"plainToken":")" + *plain + R"("})");
    engine::Incoming incoming;
    incoming.event.id = engine::make_event_id(Time{}, "stripe/default", text_field(*body, "id").value_or(""));
    incoming.event.source = "stripe";
    incoming.event.type = text_field(*body, "type").value_or("");
    incoming.event.occurred_at = received_at;
    incoming.event.payload = R"({"amount":12000})";
    incoming.event.raw = request.body;
    if (const auto id = engine::parse_workflow_id(text_field(*body, "booking").value_or("")))
        incoming.address.targets.emplace_back(*id);
    incoming.address.reason = "not ours";
    if (bool_field(*body, "wait").value_or(false)) incoming.address.unclaimed = engine::Unclaimed::wait;
    return Translation(std::move(incoming));
}

std::optional<json::object> session_type(std::string_view id) {
    if (id != "coaching-60") return std::nullopt;
    return json::object{
        {"session_type", "coaching-60"}, {"name", "Coaching <60>"}, {"price", 12000}, {"currency", "usd"}, {"place", "zoom"}};
}

/// What the fake kind tells: its state, and where its money stands.
Insight insight() {
    const auto explain = [](const engine::WorkflowFacts& facts) {
        return engine::Explanation{{"State", {"It is " + facts.state + "."}},
                                   {"Calls", {std::to_string(facts.calls.size()) + " of them."}}};
    };
    const auto statements = [](std::string_view data) {
        const auto object = parse_object(data);
        const json::object* money = object ? object_field(*object, "money") : nullptr;
        booking::Statement sums;
        sums.session_type = "coaching-60";
        sums.currency = "usd";
        sums.captured = sums.waiting = money ? int_field(*money, "captured").value_or(0) : 0;
        return sums.captured == 0 ? std::vector<booking::Statement>{} : std::vector{sums};
    };
    return {explain, statements};
}

Answer ask(unsigned short port, const std::string& method, const std::string& path, const std::string& body,
           const std::string& headers) {
    testing_support::RawClient client(port);
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" + headers;
    if (!body.empty() || method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return client.ask(request + "\r\n" + body, method == "HEAD");
}

} // namespace

House::House(Settings settings, net::ServerLimits limits) : engine(testing_support::make_fake_engine(loop.executor(), world)) {
    settings.public_url = "http://book.test";
    settings.read_limit = std::chrono::milliseconds(2'000);
    const std::map<std::string, Translator, std::less<>> translators{{"stripe", translate}, {"zoom", translate}};
    const Telemetry telemetry{.webhook_answered =
                                  [this](std::string_view from, std::string_view disposition, engine::Seconds) {
                                      told.push_back("webhook " + std::string(from) + " " + std::string(disposition));
                                  },
                              .request_answered =
                                  [this](std::string_view listener, std::string_view route, int status, engine::Seconds) {
                                      told.push_back(std::string(listener) + " " + std::string(route) + " " +
                                                     std::to_string(status));
                                  }};
    const auto metrics = [](Result<engine::Census> census) {
        return census ? "appointd_deferred " + std::to_string(census->deferred) + "\n"
                      : std::string("appointd_store_reachable 0\n");
    };
    const auto carry_out = [this](const engine::Attempt& attempt, const std::function<void(engine::AttemptResult)>& done) {
        done(outside_world ? outside_world(attempt) : engine::AttemptResult{});
    };
    loop.run([&] {
        site = std::make_unique<Site>(loop.executor(), Dependencies{.engine = *engine,
                                                                    .readers = readers,
                                                                    .clock = clock,
                                                                    .random = random,
                                                                    .log = Log(),
                                                                    .translators = translators,
                                                                    .session_type = session_type,
                                                                    .insights = {{"booking", insight()}},
                                                                    .attention_reasons = {"dispute", "no_meeting"},
                                                                    .metrics = metrics,
                                                                    .telemetry = telemetry,
                                                                    .settings = settings,
                                                                    .carry_out = carry_out});
    });
    outside = std::make_unique<testing_support::LoopbackServer>(loop, limits, site->public_handler(), site->public_refused());
    inside = std::make_unique<testing_support::LoopbackServer>(loop, limits, site->admin_handler(), site->admin_refused());
}

House::~House() {
    outside.reset();
    inside.reset();
    loop.run([&] { site.reset(); });
}

Answer House::ask_public(const std::string& method, const std::string& path, const std::string& body,
                         const std::string& headers) {
    return ask(outside->port(), method, path, body, headers);
}

Answer House::ask_admin(const std::string& method, const std::string& path, const std::string& body, const std::string& headers) {
    return ask(inside->port(), method, path, body, headers);
}

json::object House::book(const std::string& headers) {
    const Answer answer = ask_public("POST", "/api/bookings", booking_body, headers);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return data_of(answer);
}

engine::WorkflowId House::put(const std::string& state, const std::string& data, const std::string& id) {
    engine::WorkflowRow row;
    row.id = *engine::parse_workflow_id(id);
    row.kind = "booking";
    row.version = 1;
    row.state = state;
    row.revision = 1;
    row.data = data;
    row.search = "invitee-0001 ann@example.org";
    row.created_at = row.changed_at = clock.now();
    change([&](auto& all) { all.workflows.push_back(row); });
    return row.id;
}

void House::change(const std::function<void(testing_support::FakeWorld&)>& work) {
    const std::lock_guard lock(world.mutex);
    work(world);
}

json::object House::data_of(const Answer& answer) {
    const auto body = parse_object(answer.body);
    EXPECT_TRUE(body && body->contains("error") && body->at("error").is_null()) << answer.body;
    return body && body->at("data").is_object() ? body->at("data").get_object() : json::object{};
}

std::string House::code_of(const Answer& answer) {
    const auto body = parse_object(answer.body);
    if (!body || !body->contains("data") || !body->at("data").is_null()) return "no envelope: " + answer.body;
    const auto* error = object_field(*body, "error");
    return error && error->contains("details") && text_field(*error, "message") ? text_field(*error, "code").value_or("")
                                                                                : "no error";
}

std::vector<std::string> House::heard() {
    return loop.run([&] { return told; });
}

} // namespace appointd::http
