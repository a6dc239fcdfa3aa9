#include "engine/runtime/advance.hpp"
#include "foundation/json.hpp"
#include "tests/integration/http/fake_world.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>

namespace appointd::testing_support {
namespace {

using namespace engine;

const std::vector<std::string> states{"INITIATED", "SCHEDULED", "PAYMENT_PENDING", "CONFIRMED", "CANCELED"};
const std::vector<std::string> event_types{"booking.requested", "payment.captured", "operator.cancel",
                                           "operator.refund",   "operator.note",    "operator.resolve",
                                           "operator.retry",    "operator.skip",    "timer.completion"};

std::string begin_data(const json::object& payload) {
    json::object data;
    data["terms"] = payload.at("terms");
    data["invitee"] = payload.at("invitee");
    data["page_key"] = payload.at("page_key");
    data["link"] = json::object{{"url", nullptr}};
    data["slot"] =
        json::object{{"phase", "none"}, {"invitee", nullptr}, {"start", nullptr}, {"end", nullptr}, {"timezone", nullptr}};
    data["money"] =
        json::object{{"currency", "usd"}, {"captured", 0}, {"refunded", 0}, {"refunding", 0}, {"kept", 0}, {"lost", 0}};
    data["meeting"] = json::object{{"id", nullptr}, {"join_url", nullptr}};
    data["attention"] = json::array{};
    return json::serialize(data);
}

Applied to_state(const WorkflowRow& row, std::string state) {
    Applied applied;
    applied.state = std::move(state);
    applied.data = row.data;
    applied.timers = parse_timers(row.timers);
    applied.attention = row.attention;
    applied.search = row.search;
    return applied;
}

/// The rules: requested begins, captured confirms with a call and a timer, cancel ends, refund is refused, a note "throw" breaks.
Decision decide(const WorkflowRow& row, const Event& event) {
    const auto payload = parse_object(event.payload);
    if (!payload) throw std::invalid_argument("payload is not a JSON object");
    if (event.type == "booking.requested") {
        Applied applied = to_state(row, "INITIATED");
        applied.data = begin_data(*payload);
        return applied;
    }
    if (event.type == "payment.captured") {
        Applied applied = to_state(row, "CONFIRMED");
        auto data = *parse_object(row.data);
        data["money"].as_object()["captured"] = int_field(*payload, "amount").value_or(0);
        applied.data = json::serialize(data);
        applied.activities.push_back({"meeting.create", lane("", "zoom", "default"), 5, R"({"booking":"x"})"});
        applied.timers["completion"] = Timer{event.occurred_at + std::chrono::hours(1), row.revision + 1};
        return applied;
    }
    if (event.type == "operator.cancel") {
        if (row.state == "CANCELED") return Ignored{"already over"};
        return to_state(row, "CANCELED");
    }
    if (event.type == "operator.refund") return Refused{"no money"};
    if (event.type == "operator.note" && text_field(*payload, "text") == "throw")
        throw std::invalid_argument("the payload lacks sense");
    if (event.type == "operator.retry" && text_field(*payload, "activity")->ends_with(".9.9"))
        return Refused{"the call is still open"};
    return to_state(row, row.state);
}

Definitions make_definitions() {
    Definition booking;
    booking.kind = "booking";
    booking.version = 1;
    booking.states = states;
    booking.events = event_types;
    booking.rows = {{"INITIATED", "operator.cancel", "always", "CANCELED", "go", "", {"stop"}}};
    booking.fingerprint = "f1";
    booking.transition = [](const Workflow* workflow, const Input& input) {
        WorkflowRow row;
        if (workflow) {
            row.id = workflow->id;
            row.state = workflow->state;
            row.revision = workflow->revision;
            row.data = workflow->data;
            row.timers = encode_timers(workflow->timers);
        }
        return decide(row, input.event);
    };
    return Definitions({booking});
}

class FakeEngine final : public Engine {
public:
    FakeEngine(boost::asio::any_io_executor executor, FakeWorld& world)
        : executor_(executor), world_(world), definitions_(make_definitions()) {}

    Result<void> start() override { return {}; }
    void submit(Incoming incoming, std::function<void(Answer)> done) override {
        auto answer = take(incoming);
        boost::asio::post(executor_, [done = std::move(done), answer] { done(answer); });
    }
    void requeue(EventId id, std::function<void(Answer)> done) override {
        Answer answer;
        answer.event = id;
        {
            const std::lock_guard lock(world_.mutex);
            auto* event = world_.find(id);
            answer.kind = event && event->disposition == Disposition::dead ? Answer::Kind::decided : Answer::Kind::not_found;
            if (answer.kind == Answer::Kind::decided) event->disposition = Disposition::applied;
        }
        boost::asio::post(executor_, [done = std::move(done), answer] { done(answer); });
    }
    Preview preview(const WorkflowRow& row, const Event& event) const override {
        return preview_of(*definitions_.newest("booking"), row, event, event.occurred_at);
    }
    const Definitions& definitions() const override { return definitions_; }
    Result<void> ready() const override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return Error{"database_unavailable", "The database does not answer."};
        return {};
    }
    std::size_t queue_depth() const override { return 0; }
    void retire() override {}
    boost::asio::awaitable<void> stop(std::chrono::milliseconds) override { co_return; }

private:
    Answer take(const Incoming& incoming) {
        const std::lock_guard lock(world_.mutex);
        Answer answer;
        answer.event = incoming.event.id;
        if (world_.queue_full || world_.database_away) {
            answer.kind = world_.queue_full ? Answer::Kind::overloaded : Answer::Kind::unavailable;
            return answer;
        }
        answer.kind = Answer::Kind::decided;
        if (const auto* seen = world_.find(incoming.event.id)) {
            answer.disposition = Disposition::duplicate;
            answer.workflow = seen->workflow;
            if (seen->workflow) answer.state = world_.find(*seen->workflow)->state;
            return answer;
        }
        WorkflowRow* row = nullptr;
        for (const Target& target : incoming.address.targets)
            if (const auto* id = std::get_if<WorkflowId>(&target); id && !row) row = world_.find(*id);
        if (!row && incoming.address.unclaimed == Unclaimed::start) {
            WorkflowRow fresh;
            fresh.id = incoming.address.fresh;
            fresh.kind = incoming.address.kind;
            fresh.version = 1;
            fresh.created_at = fresh.changed_at = incoming.event.occurred_at;
            world_.workflows.push_back(fresh);
            row = &world_.workflows.back();
        }
        if (!row) {
            answer.disposition = incoming.address.unclaimed == Unclaimed::wait ? Disposition::deferred : Disposition::ignored;
            answer.reason = incoming.address.reason;
            remember(incoming.event, nullptr, answer);
            return answer;
        }
        apply(*row, incoming.event, answer);
        return answer;
    }

    void apply(WorkflowRow& row, const Event& event, Answer& answer) {
        answer.workflow = row.id;
        const Decision decision = decide(row, event);
        if (const auto* refused = std::get_if<Refused>(&decision)) {
            answer.kind = Answer::Kind::refused;
            answer.reason = refused->reason;
            return;
        }
        if (const auto* ignored = std::get_if<Ignored>(&decision)) {
            answer.disposition = Disposition::ignored;
            answer.reason = ignored->reason;
        }
        std::string step;
        if (auto* applied = std::get_if<Applied>(&decision)) {
            step = row.state + ">" + applied->state;
            Timers timers;
            Applied spent = *applied;
            advance(row, timers, spent, event.occurred_at);
            write_timers(row, timers);
        } else {
            pass_over(row, event.occurred_at);
        }
        answer.state = row.state;
        remember(event, &row, answer, std::move(step));
    }

    void remember(const Event& event, const WorkflowRow* row, const Answer& answer, std::string step = "") {
        EventRow stored;
        stored.id = event.id;
        if (row) stored.workflow = row->id, stored.seq = row->revision, stored.version = row->version;
        stored.result = std::move(step);
        stored.source = event.source;
        stored.type = event.type;
        stored.occurred_at = stored.received_at = stored.decided_at = event.occurred_at;
        stored.disposition = answer.disposition;
        stored.reason = answer.reason;
        stored.payload = event.payload;
        stored.raw = event.raw;
        world_.events.push_back(std::move(stored));
    }

    boost::asio::any_io_executor executor_;
    FakeWorld& world_;
    Definitions definitions_;
};

} // namespace

std::unique_ptr<Engine> make_fake_engine(boost::asio::any_io_executor executor, FakeWorld& world) {
    return std::make_unique<FakeEngine>(executor, world);
}

} // namespace appointd::testing_support
