#include "workflows/booking/explain.hpp"

#include "foundation/money_text.hpp"
#include "workflows/booking/data.hpp"
#include "workflows/booking/explain_words.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/statement.hpp"
#include "workflows/booking/words.hpp"

#include <algorithm>

namespace appointd::booking {

namespace {

using engine::CallFacts;
using engine::Section;
using engine::WorkflowFacts;

struct Subject {
    const WorkflowFacts& facts;
    const Data data;
    std::string when(Time time) const { return explain_words::when(time, facts.now); }
    std::string id() const { return engine::to_string(facts.id); }
};

Section about(const Subject& subject) {
    const Data& data = subject.data;
    Section section{"Booking", {}};
    const std::string who = data.name.empty() ? "somebody whose name is not known yet" : data.name;
    const std::string what = data.terms.name.empty() ? data.terms.session_type : data.terms.name;
    const std::string price = data.terms.price == 0 ? "free of charge" : money_text(data.terms.price, data.terms.currency);
    section.lines.push_back(what + " for " + who + ", " + price + ".");
    section.lines.push_back("Begun " + subject.when(subject.facts.created_at) + ".");
    const Slot& slot = data.slot;
    if (!slot.start) {
        section.lines.emplace_back("No slot was taken.");
        return section;
    }
    std::string line = "Slot: " + subject.when(*slot.start);
    if (slot.end) line += ", to " + to_iso(*slot.end);
    if (!slot.timezone.empty()) line += "; the invitee's time zone is " + slot.timezone;
    section.lines.push_back(line + ".");
    if (slot.reschedules > 0)
        section.lines.push_back("Moved " + std::to_string(slot.reschedules) + (slot.reschedules == 1 ? " time." : " times."));
    if (const auto& meeting = data.meeting; !meeting.join_url.empty() && meeting.phase == MeetingPhase::live)
        section.lines.push_back("They meet at " + meeting.join_url + ".");
    return section;
}

Section standing(const Subject& subject) {
    Section section{"State", {}};
    const auto words = words::of_state(subject.facts.state);
    section.lines.push_back(subject.facts.state + ": " + std::string(words) + ".");
    if (subject.data.ended) section.lines.push_back(explain_words::ending(*subject.data.ended, subject.facts.now));
    for (std::string& line : explain_words::waits_for(subject.facts.state, subject.data, subject.facts.now))
        section.lines.push_back(std::move(line));
    return section;
}

Section timers(const Subject& subject) {
    Section section{"Timers", {}};
    std::vector<std::pair<std::string, Time>> all;
    for (const auto& [name, timer] : subject.facts.timers) all.emplace_back(name, timer.at);
    std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) { return left.second < right.second; });
    for (const auto& [name, at] : all) {
        std::string line = (section.lines.empty() ? "Next: " : "Then: ") + name + ", " + subject.when(at) + ": ";
        line += words::of_timer(name);
        if (at <= subject.facts.now) line += " (it is due, and rings as soon as a node gets to it)";
        section.lines.push_back(line + ".");
    }
    if (section.lines.empty()) section.lines.emplace_back("None is set.");
    return section;
}

std::string call_line(const Subject& subject, const CallFacts& call) {
    std::string line = call.kind + " (" + std::string(words::of_call(call.kind)) + "), " + engine::to_string(call.id) + ": ";
    if (call.state == "open")
        line += call.ready_at > subject.facts.now ? "open, looked at again " + subject.when(call.ready_at) : "open, due now";
    else if (call.state == "exhausted")
        line += "used up";
    else
        line += call.state == "failed" ? "failed for good" : call.state;
    line += "; " + std::to_string(call.attempts) + (call.attempts == 1 ? " attempt" : " attempts");
    if (!call.last_error.empty()) line += "; last error: " + call.last_error;
    return line + ".";
}

Section calls(const Subject& subject) {
    Section section{"Calls", {}};
    for (const CallFacts& call : subject.facts.calls) {
        const std::string name = engine::to_string(call.id);
        const auto noted = std::find_if(subject.data.calls.begin(), subject.data.calls.end(),
                                        [&](const Call& other) { return other.activity == name; });
        const bool remembered = noted != subject.data.calls.end() && call.state != "succeeded";
        if (call.state != "open" && !remembered) continue;
        section.lines.push_back(call_line(subject, call));
        if (call.state == "open") continue;
        if (noted->exhausted) section.lines.emplace_back("Reconciliation opens it again by itself.");
        section.lines.push_back("`appointd workflows retry " + name + "` tries it again, `appointd workflows skip " + name +
                                "` gives it up.");
    }
    if (section.lines.empty()) section.lines.emplace_back("None is open.");
    return section;
}

/// "ID" as a word becomes the booking's id, and a command a whole one.
std::string addressed(std::string_view text, const std::string& id) {
    std::string out(text);
    for (std::size_t at = 0; (at = out.find("`workflows ", at)) != std::string::npos; at += 10) out.insert(at + 1, "appointd ");
    for (std::size_t at = 0; (at = out.find(" ID", at)) != std::string::npos; at += id.size()) out.replace(at + 1, 2, id);
    return out;
}

Section attention(const Subject& subject) {
    Section section{"Attention", {}};
    for (const Flag& flag : subject.data.flags) {
        std::string line = flag.reason;
        const words::Attention* known = words::of_reason(flag.reason);
        if (known) line += ": " + std::string(known->what);
        line += ", since " + subject.when(flag.since);
        if (!flag.note.empty()) line += " (" + flag.note + ")";
        section.lines.push_back(line + ".");
        if (known) section.lines.push_back("To do: " + addressed(known->todo, subject.id()) + ".");
    }
    if (section.lines.empty()) section.lines.emplace_back("Nothing waits for a person.");
    for (const std::string& reason : subject.data.settled) section.lines.push_back("Settled by a person: " + reason + ".");
    return section;
}

void add_part(std::string& line, std::int64_t amount, const std::string& currency, std::string_view words) {
    if (amount == 0) return;
    line += (line.ends_with(": ") ? "" : ", ") + money_text(amount, currency) + " " + std::string(words);
}

Section money(const Subject& subject) {
    Section section{"Money", {}};
    for (const Statement& sums : statements_of(subject.facts.data)) {
        std::string line = "Captured " + money_text(sums.captured, sums.currency) + ": ";
        add_part(line, sums.refunded, sums.currency, "went back to the customer");
        add_part(line, sums.refunding, sums.currency, "is on its way back");
        add_part(line, sums.kept_session, sums.currency, "is earned by the session");
        add_part(line, sums.kept_policy, sums.currency, "is kept under the cancellation terms");
        add_part(line, sums.kept_operator, sums.currency, "is kept as an operator decided");
        add_part(line, sums.lost, sums.currency, "was taken by a dispute");
        add_part(line, sums.waiting, sums.currency,
                 subject.facts.state == "CONFIRMED" ? "is held until the session" : "is not decided yet");
        section.lines.push_back(line + ".");
        if (sums.overpaid > 0)
            section.lines.push_back(money_text(sums.overpaid, sums.currency) + " of it went out beyond what came in.");
    }
    for (std::string& line : explain_words::refunds_and_disputes(subject.data)) section.lines.push_back(std::move(line));
    if (section.lines.empty()) section.lines.emplace_back("Nothing was captured.");
    return section;
}

Section reconciliation(const Subject& subject) {
    Section section{"Reconciliation", {}};
    std::optional<Time> last;
    for (const CallFacts& call : subject.facts.calls)
        if (call.kind.ends_with(".look") || call.kind.ends_with(".list")) last = std::max(last.value_or(Time{}), call.created_at);
    section.lines.push_back(last ? "The providers were last asked " + subject.when(*last) + "."
                                 : "The providers were not asked yet: everything was heard of in time.");
    if (const auto rounds = subject.data.reconciled; rounds > 0)
        section.lines.push_back(std::to_string(rounds) + (rounds == 1 ? " round" : " rounds") + " since the state last changed.");
    const auto next = subject.facts.timers.find("reconcile");
    section.lines.push_back(next == subject.facts.timers.end()
                                ? "Nothing is unsettled: they are not asked again."
                                : "They are asked again " + subject.when(next->second.at) + ", unless all is settled before.");
    return section;
}

} // namespace

engine::Explanation explain(const engine::WorkflowFacts& facts) {
    const Subject subject{facts, read(facts.data)};
    return {about(subject),     standing(subject), timers(subject),        calls(subject),
            attention(subject), money(subject),    reconciliation(subject)};
}

} // namespace appointd::booking
