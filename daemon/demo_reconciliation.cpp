#include "daemon/demo_reconciliation.hpp"

#include <algorithm>
#include <set>

namespace appointd::demo {

namespace {

bool is_dead(const std::string& state) { return state == "ABANDONED" || state == "CANCELED" || state == "REFUNDED"; }

/// Collects what is wrong with one booking, each line beginning with what it is about.
class Findings {
public:
    Findings(std::vector<std::string>& lines, std::string subject) : lines_(lines), subject_(std::move(subject)) {}
    void add(const std::string& what) { lines_.push_back(subject_ + ": " + what); }
    template <class T> void equal(const std::string& what, const T& found, const T& wanted) {
        if (found != wanted) add(what + " is " + text(found) + ", should be " + text(wanted));
    }

private:
    static std::string text(const std::string& value) { return value.empty() ? "nothing" : value; }
    static std::string text(std::int64_t value) { return std::to_string(value); }
    std::vector<std::string>& lines_;
    std::string subject_;
};

std::int64_t captured_at_provider(const Evidence& evidence) {
    std::int64_t sum = 0;
    for (const Payment& payment : evidence.payments) sum += payment.captured;
    return sum;
}

std::int64_t refunded_at_provider(const Evidence& evidence) {
    std::int64_t sum = 0;
    for (const Refund& refund : evidence.refunds)
        if (refund.status == "succeeded") sum += refund.amount;
    return sum;
}

void compare_money(Findings& findings, const Script& script, const Books& books, const Evidence& evidence) {
    const Offer& offer = offer_named(script.session_type);
    const std::int64_t captured = share_of(offer.price, script.ending.captured_percent);
    const std::int64_t refunded = share_of(captured, script.ending.refunded_percent);
    const bool over = script.ending.state != "CONFIRMED";
    findings.equal("captured in the books", books.captured, captured);
    findings.equal("captured at Stripe", captured_at_provider(evidence), captured);
    findings.equal("refunded in the books", books.refunded, refunded);
    findings.equal("refunded at Stripe", refunded_at_provider(evidence), refunded);
    findings.equal("on its way back", books.refunding, std::int64_t{0});
    findings.equal("kept", books.kept, over ? captured - refunded : 0);
    findings.equal("lost", books.lost, std::int64_t{0});
    if (captured > 0) findings.equal("currency", books.currency, std::string(offer.currency));
    for (const Payment& payment : evidence.payments)
        if (payment.captured > 0) findings.equal("currency at Stripe", payment.currency, std::string(offer.currency));
    std::set<std::string> ours;
    for (const Refund& refund : evidence.refunds) {
        if (refund.status == "failed" || refund.status == "canceled") continue;
        if (refund.ours.empty())
            findings.add("refund " + refund.id + " does not say which of ours it is");
        else if (!ours.insert(refund.ours).second)
            findings.add("refund " + refund.ours + " stands twice at Stripe");
    }
    if (script.ending.state != "CONFIRMED" && script.ending.state != "COMPLETED" && evidence.open_checkouts > 0)
        findings.add(std::to_string(evidence.open_checkouts) + " checkout(s) still open at Stripe");
    if (evidence.open_checkouts > 1) findings.add("more than one checkout open at Stripe");
}

void compare_meetings(Findings& findings, const Script& script, const Books& books, const Evidence& evidence) {
    std::vector<const Meeting*> live;
    for (const Meeting& meeting : evidence.meetings)
        if (meeting.live) live.push_back(&meeting);
    findings.equal("live meetings at Zoom", static_cast<std::int64_t>(live.size()), std::int64_t{script.ending.meetings});
    if (script.ending.meetings != 1 || live.size() != 1) return;
    findings.equal("the meeting in the books", books.meeting, live.front()->id);
    if (books.start && live.front()->start != *books.start)
        findings.add("the meeting starts at " + to_iso(live.front()->start) + ", the slot at " + to_iso(*books.start));
}

void compare_slot(Findings& findings, const Script& script, const Books& books, const Evidence& evidence) {
    std::vector<const Seat*> active;
    for (const Seat& seat : evidence.seats)
        if (seat.active) active.push_back(&seat);
    const bool held = script.ending.slot_held;
    if (!held && !active.empty()) findings.add("the slot is still taken at Calendly");
    if (held && active.size() != 1) findings.add(std::to_string(active.size()) + " slots are taken at Calendly, should be 1");
    if (!held || active.size() != 1) return;
    findings.equal("the invitee in the books", books.invitee, active.front()->invitee);
    if (!books.start || *books.start != active.front()->start)
        findings.add("the slot starts at " + to_iso(active.front()->start) + " at Calendly, elsewhere in the books");
}

/// A customer who has a place is told so once, with the link where there is one. A message whose answer was lost goes twice with
/// the same id: it is one.
std::set<std::string> confirmations(const Evidence& evidence) {
    std::set<std::string> ids;
    for (const Mail& mail : evidence.mails)
        if (mail.about == "confirmed") ids.insert(mail.message_id);
    return ids;
}

std::size_t confirmations_due(const Script& script) {
    const bool no_link = offer_named(script.session_type).place == "none";
    const Step sign = no_link ? Step::await_confirmed : Step::await_meeting;
    return std::ranges::find(script.steps, sign) != script.steps.end() ? 1 : 0;
}

void compare_mails(Findings& findings, const Script& script, const Evidence& evidence) {
    findings.equal("e-mails that confirm it", static_cast<std::int64_t>(confirmations(evidence).size()),
                   static_cast<std::int64_t>(confirmations_due(script)));
    const bool own_link = offer_named(script.session_type).place == "zoom";
    for (const Mail& mail : evidence.mails) {
        if (own_link && mail.about == "confirmed" && !mail.names_link) findings.add("it was confirmed without a join link");
        if (mail.faulty) findings.add("a mail program would object to the e-mail " + mail.about);
    }
}

void compare(Findings& findings, const Script& script, const Books& books, const Evidence& evidence) {
    findings.equal("state", books.state, std::string(script.ending.state));
    compare_money(findings, script, books, evidence);
    compare_meetings(findings, script, books, evidence);
    compare_slot(findings, script, books, evidence);
    compare_mails(findings, script, evidence);
    for (const std::string& reason : books.attention) findings.add("needs attention: " + reason);
    for (const std::string& trouble : books.troubles) findings.add("a call was given up: " + trouble);
    if (books.open_calls > 0 && is_dead(books.state)) findings.add(std::to_string(books.open_calls) + " call(s) are still open");
}

} // namespace

Verdict reconcile(const std::vector<Run>& runs, const AllBooks& books, const AllEvidence& evidence) {
    Verdict verdict;
    std::set<std::string> known;
    for (const Run& run : runs) {
        const Script& script = *run.plan.script;
        Findings findings(verdict.problems, "booking " + std::to_string(run.plan.number) + " (" + std::string(script.name) +
                                                (run.booking.empty() ? "" : ", " + run.booking) + ")");
        if (!run.stuck.empty()) findings.add(run.stuck);
        verdict.meetings_expected += static_cast<std::size_t>(script.ending.meetings);
        verdict.slots_expected += script.ending.slot_held ? 1 : 0;
        verdict.confirmations_expected += confirmations_due(script);
        if (run.booking.empty()) continue;
        if (!known.insert(run.booking).second) findings.add("shares its id with another");
        const auto kept = books.find(run.booking);
        if (kept == books.end()) {
            findings.add("the daemon does not know it");
            continue;
        }
        const auto proof = evidence.find(run.booking);
        compare(findings, script, kept->second, proof == evidence.end() ? Evidence{} : proof->second);
    }
    for (const auto& [id, book] : books) {
        if (!known.contains(id)) verdict.problems.push_back("booking " + id + " (" + book.state + ") was made by nobody");
        if (book.captured == 0) continue;
        Sums& sums = verdict.sums[book.currency];
        sums.captured += book.captured;
        sums.refunded += book.refunded;
        sums.kept += book.kept;
    }
    for (const auto& [id, proof] : evidence) {
        if (!books.contains(id)) verdict.problems.push_back("the providers know a booking " + id + " that the daemon does not");
        for (const Payment& payment : proof.payments)
            if (payment.captured > 0) verdict.sums[payment.currency].provider_captured += payment.captured;
        for (const Refund& refund : proof.refunds)
            if (refund.status == "succeeded") verdict.sums[refund.currency].provider_refunded += refund.amount;
        for (const Meeting& meeting : proof.meetings) verdict.meetings_live += meeting.live ? 1 : 0;
        for (const Seat& seat : proof.seats) verdict.slots_held += seat.active ? 1 : 0;
        verdict.mails += proof.mails.size();
        verdict.confirmations += confirmations(proof).size();
    }
    for (const auto& [currency, sums] : verdict.sums) {
        if (sums.captured != sums.provider_captured) verdict.problems.push_back("the sum captured in " + currency + " differs");
        if (sums.refunded != sums.provider_refunded) verdict.problems.push_back("the sum refunded in " + currency + " differs");
    }
    return verdict;
}

} // namespace appointd::demo
