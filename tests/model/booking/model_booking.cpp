#include "tests/model/booking/model.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

/// The engine's part: how a message finds the booking, what the definition decides, and what becomes of the decision.
namespace appointd::model {
namespace {

using booking::State;

constexpr std::uint32_t bit(int n) { return n > 0 ? 1u << n : 0; }

template <class Numbers> void erase_one(Numbers& numbers, std::uint32_t number) {
    if (const auto found = std::find(numbers.begin(), numbers.end(), number); found != numbers.end()) numbers.erase(found);
}

State state_named(std::string_view name) {
    const auto& states = booking::Booking::states;
    return static_cast<State>(std::find(states.begin(), states.end(), name) - states.begin());
}

} // namespace

const std::pair<const std::string, engine::Timer>* due_timer(const Row& row, Time now) {
    const std::pair<const std::string, engine::Timer>* due = nullptr;
    for (const auto& timer : row.timers)
        if (timer.second.at <= now && (!due || timer.second.at < due->second.at)) due = &timer;
    return due;
}

int Model::free_seq(const Node& node) const {
    std::uint64_t used = 1;
    const auto use = [&](std::uint32_t call) { used |= std::uint64_t{1} << std::min(calls_[call].seq, 63); };
    for (const auto call : node.calls) use(call);
    for (const auto call : node.closed) use(call);
    for (const auto answer : node.answers) use(answers_[answer].call);
    int seq = 1;
    while (seq < 63 && (used >> seq & 1)) ++seq;
    return seq;
}

void Model::deliver(Node& node, std::uint32_t number, bool again) {
    const Message& message = messages_[number];
    const bool ours = (node.invitees & (bit(message.a) | bit(message.b))) != 0;
    const bool foreign = (node.foreign & (bit(message.a) | bit(message.b))) != 0;
    switch (message.to) {
    case To::booking:
        if (node.row == 0) return node.parked.push_back(number);
        break;
    case To::new_slot:
        if (ours) break;
        if (foreign || (!message.claim && message.b == 0 && node.row != 0)) {
            node.foreign |= bit(message.a);
            return tell("another booking's");
        }
        if (!message.claim && message.b != 0) return node.parked.push_back(number);
        if (message.claim && node.row == 0) return node.parked.push_back(number);
        break;
    case To::slot:
        if (ours) break;
        if (foreign) return tell("another booking's");
        return node.parked.push_back(number);
    case To::payment:
        if (!(node.payments & bit(message.a))) return node.parked.push_back(number);
        break;
    }
    const auto before = node.row;
    decide(node, number);
    if (again && node.row != before) look_again(node);
}

/// What was deferred is looked at again when the booking moves.
void Model::look_again(Node& node) {
    for (bool moved = true; moved;) {
        moved = false;
        const auto waiting = std::exchange(node.parked, {});
        for (const auto number : waiting) {
            const auto before = node.row;
            deliver(node, number, false);
            if (node.row != before) moved = true;
        }
    }
    std::sort(node.parked.begin(), node.parked.end());
}

void Model::decide(Node& node, std::uint32_t number, bool derived) {
    const int seq = free_seq(node);
    const Decided& decided = decision(node.row, number, node.now, seq);
    const Message& message = messages_[number];
    ++decisions_;
    if (fold_) fold_->take({message, node.now, seq, decided, rows_[decided.row]});
    const auto type = std::string(engine::family_of(message.type));
    static constexpr std::array dispositions{"applied", "ignored", "deferred", "refused", "elsewhere"};
    const auto* disposition = dispositions[static_cast<std::size_t>(decided.what)];
    const auto from = std::string(engine::name_of<booking::Booking>(rows_[node.row].state));
    if (!story_) ++coverage_[from + "|" + type + "|" + decided.reason];
    violations_.insert(violations_.end(), decided.violations.begin(), decided.violations.end());
    if (story_) {
        std::string words = message.brief + " " + disposition;
        if (decided.what == Decided::What::applied) words += ": " + from + " > " + rows_[decided.row].state_text;
        words += " (" + decided.reason + ")";
        for (const auto& activity : decided.activities) words += " +" + activity.kind;
        tell(std::move(words));
    }
    switch (decided.what) {
    case Decided::What::applied:
        take(node, decided, seq, message.at);
        if (!derived) { // derived events belong to the same commit
            const auto& broken = rows_[node.row].violations;
            violations_.insert(violations_.end(), broken.begin(), broken.end());
        }
        return;
    case Decided::What::deferred:
        if (derived) violations_.push_back({"H2", message.type + " was raised and deferred"});
        return node.parked.push_back(number);
    case Decided::What::elsewhere: node.foreign |= bit(message.a); return;
    case Decided::What::ignored:
    case Decided::What::refused: return;
    }
}

void Model::take(Node& node, const Decided& decided, int seq, Time at) {
    node.row = decided.row;
    int n = 0;
    for (const auto& activity : decided.activities)
        node.calls.push_back(put(Call{.kind = activity.kind, .request = activity.request, .seq = seq, .n = n++}));
    for (const auto& key : decided.binds) {
        const int external = number_in(key.get());
        if (key.get().find("/invitee/") != std::string::npos) node.invitees |= bit(external);
        if (key.get().find("/payment/") != std::string::npos) node.payments |= bit(external);
    }
    for (const auto& again : decided.reopens) {
        const auto found = std::find_if(node.closed.begin(), node.closed.end(), [&](std::uint32_t number) {
            return calls_[number].seq == again.seq && calls_[number].n == again.n;
        });
        if (found == node.closed.end()) {
            violations_.push_back({"H2", "it reopens a call that is not closed"});
            continue;
        }
        node.calls.push_back(*found);
        node.closed.erase(found);
    }
    std::sort(node.calls.begin(), node.calls.end());
    for (const auto& raised : decided.raised)
        decide(node,
               put(Message{.type = raised.type, .source = "derived", .payload = raised.payload, .at = at, .brief = raised.type}),
               true);
    for (const auto& id : decided.skips) skip(node, id);
    const auto& calls = rows_[node.row].data.calls;
    std::erase_if(node.closed, [&](std::uint32_t number) {
        const auto id = engine::to_string(engine::ActivityId{booking_id(), calls_[number].seq, calls_[number].n});
        return std::none_of(calls.begin(), calls.end(), [&](const booking::Call& call) { return call.activity == id; });
    });
}

std::uint32_t Model::keep(engine::Applied&& applied) {
    Row row;
    row.state = state_named(applied.state);
    row.state_text = applied.state;
    row.data = booking::read(applied.data);
    if (booking::write(row.data) != applied.data) row.violations.push_back({"H1", "read and write of the data disagree"});
    row.timers = std::move(applied.timers);
    forget_moments(row.data, row.timers);
    row.data_text = booking::write(row.data);
    auto key = row.state_text + row.data_text + engine::encode_timers(row.timers);
    if (const auto* known = rows_.find(key)) return *known;
    for (auto& violation : booking::violations(row.state, row.data)) row.violations.push_back(std::move(violation));
    return rows_.put(std::move(key), std::move(row));
}

const Decided& Model::decision(std::uint32_t number, std::uint32_t message_number, Time now, int seq) {
    std::string key;
    const auto part = [&](auto value) { key.append(reinterpret_cast<const char*>(&value), sizeof value); };
    part(number), part(message_number), part(to_micros(now)), part(seq);
    const auto [found, fresh] = decided_.try_emplace(std::move(key));
    Decided& decided = found->second;
    if (!fresh) return decided;
    const Row& before = rows_[number];
    const Message& message = messages_[message_number];
    engine::Workflow workflow{.id = booking_id(),
                              .owner = "",
                              .kind = "booking",
                              .version = 1,
                              .state = before.state_text,
                              .revision = seq - 1,
                              .data = before.data_text,
                              .timers = before.timers};
    if (message.source == "timer") workflow.timers.erase(message.type.substr(6));
    const engine::Event event{{}, message.source, message.type, message.at, message.payload, ""};
    auto outcome = definition_.transition(number == 0 ? nullptr : &workflow, engine::Input{event, now, booking_id(), seq});
    if (auto* applied = std::get_if<engine::Applied>(&outcome)) {
        decided.what = Decided::What::applied;
        decided.reason = applied->note;
        decided.activities = std::move(applied->activities);
        decided.binds = std::move(applied->binds);
        decided.raised = std::move(applied->raised);
        decided.reopens = std::move(applied->reopens);
        decided.skips = std::move(applied->skips);
        decided.row = keep(std::move(*applied));
        const Row& after = rows_[decided.row];
        decided.violations =
            booking::commit_violations({before.state, before.data, after.state, after.data, decided.activities, message.type});
        for (auto& late : booking::timer_violations(after.state, after.data, after.timers, now))
            decided.violations.push_back(std::move(late));
    } else if (auto* ignored = std::get_if<engine::Ignored>(&outcome)) {
        decided.reason = std::move(ignored->reason);
    } else if (auto* deferred = std::get_if<engine::Deferred>(&outcome)) {
        decided.what = Decided::What::deferred;
        decided.reason = std::move(deferred->reason);
    } else if (auto* refused = std::get_if<engine::Refused>(&outcome)) {
        decided.what = Decided::What::refused;
        decided.reason = std::move(refused->reason);
    } else {
        decided.what = Decided::What::elsewhere;
        decided.reason = std::move(std::get<engine::Elsewhere>(outcome).reason);
    }
    return decided;
}

/// A timer that rang is gone, whatever it decided.
void Model::ring(Node& node) {
    const auto before = node.row;
    const auto [name, timer] = *due_timer(rows_[before], node.now);
    const auto payload = json::serialize(json::object{{"name", name}, {"set", 0}});
    Row gone = rows_[before];
    gone.timers.erase(name);
    deliver(node, put(Message{
                      .type = "timer." + name, .source = "timer", .payload = payload, .at = timer.at, .brief = "timer." + name}));
    if (node.row == before) node.row = put(std::move(gone));
}

std::uint32_t Model::put(Row row) {
    auto key = row.state_text + row.data_text + engine::encode_timers(row.timers);
    return rows_.put(std::move(key), std::move(row));
}

void Model::arrive(Node& node, std::size_t index) {
    const Answer answer = answers_[node.answers.at(index)];
    node.answers.erase(node.answers.begin() + static_cast<std::ptrdiff_t>(index));
    if (answer.failed) node.closed.push_back(answer.call);
    deliver(node, answer.message);
    for (const auto learned : answer.learned) deliver(node, learned);
}

/// An operator closes an open call: it ends as failed. If it was under way, its answer comes too late, as an orphan.
void Model::skip(Node& node, const engine::ActivityId& id) {
    const auto is_meant = [&](std::uint32_t call) { return calls_[call].seq == id.seq && calls_[call].n == id.n; };
    std::uint32_t call = 0;
    if (const auto open = std::find_if(node.calls.begin(), node.calls.end(), is_meant); open != node.calls.end()) {
        call = *open;
        node.calls.erase(open);
    } else {
        const auto late = std::find_if(node.answers.begin(), node.answers.end(),
                                       [&](std::uint32_t number) { return is_meant(answers_[number].call); });
        if (late == node.answers.end()) return;
        const Answer answer = answers_[*late];
        call = answer.call;
        node.answers.erase(late);
        if (!answer.failed) {
            Message orphan = messages_[answer.message];
            orphan.type = "orphan.found";
            orphan.brief = "orphan.found of " + calls_[call].kind;
            auto payload = parse_object(orphan.payload).value_or(json::object{});
            payload["kind"] = calls_[call].kind;
            orphan.payload = json::serialize(payload);
            const auto number = put(std::move(orphan));
            const Answer lost{call, number, false, {}};
            node.answers.push_back(answers_.put("orphan" + std::to_string(number), lost));
            std::sort(node.answers.begin(), node.answers.end());
        }
    }
    const Call& closed = calls_[call];
    if (tells_what_is(closed)) node.lost = true;
    node.closed.push_back(call);
    const json::object payload{{"activity", engine::to_string(id)},
                               {"request", parse_object(closed.request).value_or(json::object{})},
                               {"code", "skipped"},
                               {"message", "an operator skipped it"},
                               {"exhausted", false},
                               {"skipped", true}};
    decide(node, put(Message{.type = closed.kind + ".failed",
                             .source = "activity",
                             .payload = json::serialize(payload),
                             .at = node.now,
                             .brief = closed.kind + ".failed (skipped)"}));
}

} // namespace appointd::model
