#include "daemon/command_line_workflows.hpp"

#include "foundation/json.hpp"
#include "workflows/booking/operator_fields.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>

namespace appointd::daemon {

namespace {

/// A field of an operator's event: "AMOUNT" stands by its place, "--reference" by its name. What it may hold and whether it must
/// be there say the booking's operator_fields.
struct VerbOption {
    const char* name;
    const char* field; ///< in the event's payload
    const char* help;
};

struct VerbRow {
    const char* name;
    const char* type;
    const char* help;
    std::array<VerbOption, 3> options{};
};

constexpr const char* minor = "Minor units (12000 = 120.00)";

// clang-format off
/// docs/events.md has the events themselves.
constexpr VerbRow verbs[] = {
    {"cancel", "operator.cancel", "Call a booking off",
        {VerbOption{"--refund", "refund", "What goes back: full (the default), policy, none, or an amount in minor units"}}},
    {"refund", "operator.refund", "Return money of a booking that goes on, or is over",
        {VerbOption{"AMOUNT", "amount", minor},
         VerbOption{"--payment", "payment", "Of this payment (default: the one that pays the session, else any with so much left)"}}},
    {"mark-paid", "operator.mark_paid", "Paid outside, or a flagged payment is accepted",
        {VerbOption{"--amount", "amount", minor},
         VerbOption{"--reference", "reference", "What proves it: a receipt, a bank line"},
         VerbOption{"--payment", "payment", "The flagged payment that is accepted"}}},
    {"refunded-elsewhere", "operator.refunded_elsewhere", "Money went back by another way than Stripe",
        {VerbOption{"AMOUNT", "amount", minor},
         VerbOption{"--reference", "reference", "What proves it: a bank line"},
         VerbOption{"--payment", "payment", "Of this payment (default: one whose refund failed, else the session's)"}}},
    {"complete", "operator.complete", "The session was held", {}},
    {"no-show", "operator.no_show", "Somebody did not come",
        {VerbOption{"WHO", "who", "guest or host; for the host all money goes back"}}},
    {"resolve", "operator.resolve", "Attention is settled",
        {VerbOption{"REASON", "reason", "The attention reason, like dispute"},
         VerbOption{"--note", "note", "How it was settled"}}},
    {"note", "operator.note", "Write a note into the history",
        {VerbOption{"TEXT", "text", "The note"}}},
};
// clang-format on

std::optional<std::int64_t> amount_of(const std::string& text) {
    std::int64_t amount = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    if (error != std::errc{} || end != text.data() + text.size() || amount <= 0) return std::nullopt;
    return amount;
}

/// A number where the field may be an amount and the text is one; else text.
json::value value_of(booking::FieldShape shape, const std::string& text) {
    const bool number = shape == booking::FieldShape::amount || shape == booking::FieldShape::refund_choice;
    if (const auto amount = number ? amount_of(text) : std::nullopt) return *amount;
    return json::string(text);
}

std::string payload_of(const VerbRow& row, const std::array<std::string, 3>& values) {
    json::object payload;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!values[i].empty()) {
            const char* name = row.options[i].field;
            payload[name] = value_of(booking::operator_field(row.type, name).shape, values[i]);
        }
    return json::serialize(payload);
}

void add_dry_run(CLI::App* app, bool& into) { app->add_flag("--dry-run", into, "Say what would happen and change nothing"); }

} // namespace

void add_person(CLI::App* app, action::Person& into) {
    app->add_option("--actor", into.actor, "Who does it, for the history")->capture_default_str();
    app->add_option("--reason", into.reason, "Why, for the history");
}

WorkflowActions::WorkflowActions(CLI::App& app, Action& into, const std::string& actor) : app_(app), into_(into) {
    for (action::Person* person : {&event_.person, &retry_.person, &skip_.person, &requeue_.person}) person->actor = actor;
    add_reads();
    add_acts();
    add_verbs();
}

void WorkflowActions::add_reads() {
    CLI::App* list = add("list", "Newest first", list_);
    list->add_option("--state", list_.state, "Only in this state");
    list->add_option("--kind", list_.kind, "Only of this kind");
    list->add_option("--search", list_.q, "Beginning of the id, or part of name, e-mail or an outside id");
    list->add_option_function<std::vector<std::string>>(
            "--attention",
            [this](const std::vector<std::string>& reasons) {
                list_.attention = reasons.empty() || reasons.front().empty() ? "true" : reasons.front();
            },
            "Only those that wait for a person; with a reason, only for this one")
        ->expected(0, 1)
        ->type_name("[REASON]");
    list->add_option("--limit", list_.limit, "At most so many")->check(CLI::Range(1, 200))->capture_default_str();
    list->add_option("--cursor", list_.cursor, "Go on where the page before ended");
    add("show", "State, data, open activities and timers", show_)->add_option("ID", show_.id, "Workflow")->required();
    add("explain", "In plain words: what it is, what it waits for, what to do", explain_)
        ->add_option("ID", explain_.id, "Workflow")
        ->required();
    CLI::App* history = add("history", "Every event, what was decided and why", history_);
    history->add_option("ID", history_.id, "Workflow")->required();
    history->add_option("--cursor", history_.cursor, "Go on where the page before ended");
    add("replay", "Fold the history through the transition again and compare with what is stored; 1 where they differ", replay_)
        ->add_option("ID", replay_.id, "Workflow")
        ->required();
    CLI::App* dead = add("dead-letters", "Events that could not be handled", dead_);
    dead->add_option("--limit", dead_.limit, "At most so many")->check(CLI::Range(1, 200))->capture_default_str();
    dead->add_option("--cursor", dead_.cursor, "Go on where the page before ended");
}

void WorkflowActions::add_acts() {
    CLI::App* event = add("event", "Send an event by hand, like operator.cancel or operator.resolve", event_);
    event->add_option("ID", event_.id, "Workflow")->required();
    event->add_option("TYPE", event_.type, "Event type")->required();
    const auto is_object = [](const std::string& text) {
        return parse_object(text) ? std::string() : "expected a JSON object, not " + text;
    };
    event->add_option("--payload", event_.payload, "JSON object, like '{\"refund\":\"full\"}'")
        ->check(CLI::Validator(is_object, "JSON"))
        ->capture_default_str();
    add_person(event, event_.person);
    add_dry_run(event, event_.dry_run);
    retry_.verb = "retry";
    skip_.verb = "skip";
    const auto add_on_activity = [this](const char* help, action::OnActivity& one) {
        CLI::App* command = add(one.verb.c_str(), help, one);
        command->add_option("ACTIVITY", one.activity, "Activity, like ID.7.0")->required();
        add_person(command, one.person);
        add_dry_run(command, one.dry_run);
    };
    add_on_activity("Try an activity again that failed or was used up", retry_);
    add_on_activity("Give an activity up: no attempt more, as if it had failed for good", skip_);
    CLI::App* requeue = add("requeue", "Decide a dead letter again", requeue_);
    requeue->add_option("ID", requeue_.id, "Event")->required();
    add_person(requeue, requeue_.person);
}

void WorkflowActions::add_verbs() {
    for (const VerbRow& row : verbs) {
        Verb& verb = verbs_.emplace_back();
        verb.event.type = row.type;
        verb.event.person.actor = event_.person.actor;
        CLI::App* command = app_.add_subcommand(row.name, row.help);
        command->add_option("ID", verb.event.id, "Workflow")->required();
        for (std::size_t i = 0; i < row.options.size() && row.options[i].name; ++i) {
            const VerbOption& option = row.options[i];
            const booking::OperatorField& field = booking::operator_field(row.type, option.field);
            const auto fits = [shape = field.shape](const std::string& text) {
                return std::string(booking::complaint(shape, value_of(shape, text))); // CLI11: empty where it fits
            };
            command->add_option(option.name, verb.values[i], option.help)
                ->required(field.required)
                ->check(CLI::Validator(fits, "", ""));
        }
        add_person(command, verb.event.person);
        add_dry_run(command, verb.event.dry_run);
        command->callback([this, &verb, &row] {
            verb.event.payload = payload_of(row, verb.values);
            into_ = verb.event;
        });
    }
}

} // namespace appointd::daemon
