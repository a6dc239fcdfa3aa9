#include "daemon/demo_report.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <unistd.h>

namespace appointd::demo {

namespace {

constexpr std::size_t bar_width = 32;
constexpr std::size_t most_problems = 40; // the rest is counted, and in the JSON

struct Count {
    std::size_t planned = 0, as_expected = 0;
    std::map<std::string, std::size_t> states;
};

std::map<std::string_view, Count> count(const Report& report) {
    std::map<std::string_view, Count> counts;
    for (const Run& run : report.runs) {
        Count& one = counts[run.plan.script->name];
        ++one.planned;
        const auto book = report.books.find(run.booking);
        const std::string state = book == report.books.end() ? "none" : book->second.state;
        ++one.states[state];
        if (state == run.plan.script->ending.state && run.stuck.empty()) ++one.as_expected;
    }
    return counts;
}

std::string states_text(const std::map<std::string, std::size_t>& states) {
    std::string text;
    for (const auto& [state, number] : states) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, state);
    return text;
}

std::string table_text(const Report& report) {
    std::string out = fmt::format("{:<28} {:>8}  {:<12} {}\n", "script", "bookings", "should be", "is");
    const auto counts = count(report);
    for (const Script& script : scripts()) {
        const auto found = counts.find(script.name);
        if (found == counts.end()) continue;
        const Count& one = found->second;
        out += fmt::format("{:<28} {:>8}  {:<12} {}{}\n", script.name, one.planned, script.ending.state, states_text(one.states),
                           one.as_expected == one.planned ? "" : "   <-- not all as expected");
    }
    return out;
}

std::string sums_text(const Verdict& verdict) {
    std::string out = fmt::format("{:<10} {:>16} {:>16} {:>16} {:>16} {:>16}\n", "money", "captured", "at Stripe", "refunded",
                                  "at Stripe", "kept");
    const auto amount = [](std::int64_t minor) { return fmt::format("{}.{:02}", minor / 100, minor % 100); };
    for (const auto& [currency, sums] : verdict.sums)
        out +=
            fmt::format("{:<10} {:>16} {:>16} {:>16} {:>16} {:>16}\n", currency, amount(sums.captured),
                        amount(sums.provider_captured), amount(sums.refunded), amount(sums.provider_refunded), amount(sums.kept));
    out += fmt::format("meetings   {:>16} alive at Zoom, {} expected\n", verdict.meetings_live, verdict.meetings_expected);
    out += fmt::format("slots      {:>16} taken at Calendly, {} expected\n", verdict.slots_held, verdict.slots_expected);
    out += fmt::format("e-mails    {:>16} came, {} of them confirm a booking, {} expected\n", verdict.mails,
                       verdict.confirmations, verdict.confirmations_expected);
    return out;
}

} // namespace

std::string money_text(std::int64_t minor, const std::string& currency) {
    return fmt::format("{}.{:02} {}", minor / 100, minor % 100, currency);
}

std::string text_of(const Report& report) {
    std::string out = "\n" + table_text(report) + "\n" + sums_text(report.verdict);
    out += fmt::format("replayed   {:>16} of {} histories give the stored booking, byte for byte\n", report.replays.same,
                       report.replays.total);
    for (const auto& [currency, moved] : report.money.by_currency)
        out +=
            fmt::format("report     {:>16} captured, {} refunded, {} kept, {} lost: {}\n", money_text(moved.captured, currency),
                        money_text(moved.refunded, currency), money_text(moved.kept, currency), money_text(moved.lost, currency),
                        report.money.adds_up ? "it adds up" : "it does NOT add up");
    out += "\n";
    out += fmt::format("{} bookings in {:.1f} s; webhooks: {}; {} dead letters\n", report.runs.size(), report.seconds,
                       report.webhooks.empty() ? "none came" : states_text(report.webhooks), report.dead_letters);
    if (report.passed()) return out + "Every cent and every meeting is where it should be.\n";
    const auto& problems = report.verdict.problems;
    out += fmt::format("\n{} problem(s):\n", problems.size() + (report.dead_letters > 0 ? 1 : 0));
    for (std::size_t i = 0; i < problems.size() && i < most_problems; ++i) out += "  - " + problems[i] + "\n";
    if (problems.size() > most_problems) out += fmt::format("  … and {} more\n", problems.size() - most_problems);
    if (report.dead_letters > 0) out += fmt::format("  - {} dead letter(s), should be none\n", report.dead_letters);
    return out;
}

json::object json_of(const Report& report) {
    json::object all{{"passed", report.passed()},
                     {"seed", report.seed},
                     {"bookings", report.runs.size()},
                     {"seconds", report.seconds},
                     {"dead_letters", report.dead_letters}};
    json::object webhooks;
    for (const auto& [disposition, number] : report.webhooks) webhooks[disposition] = number;
    all["webhooks"] = std::move(webhooks);
    json::array rows;
    const auto counts = count(report);
    for (const Script& script : scripts()) {
        const auto found = counts.find(script.name);
        if (found == counts.end()) continue;
        json::object states;
        for (const auto& [state, number] : found->second.states) states[state] = number;
        rows.push_back({{"script", script.name},
                        {"bookings", found->second.planned},
                        {"expected", script.ending.state},
                        {"as_expected", found->second.as_expected},
                        {"states", std::move(states)}});
    }
    all["scripts"] = std::move(rows);
    json::object money;
    for (const auto& [currency, sums] : report.verdict.sums)
        money[currency] = {{"captured", sums.captured},
                           {"captured_at_stripe", sums.provider_captured},
                           {"refunded", sums.refunded},
                           {"refunded_at_stripe", sums.provider_refunded},
                           {"kept", sums.kept}};
    all["money"] = std::move(money);
    all["meetings"] = {{"live", report.verdict.meetings_live}, {"expected", report.verdict.meetings_expected}};
    all["replayed"] = {{"same", report.replays.same}, {"of", report.replays.total}};
    json::object moved;
    for (const auto& [currency, sum] : report.money.by_currency)
        moved[currency] = {{"captured", sum.captured}, {"refunded", sum.refunded}, {"kept", sum.kept}, {"lost", sum.lost}};
    all["money_report"] = {{"adds_up", report.money.adds_up}, {"totals", std::move(moved)}};
    all["slots"] = {{"held", report.verdict.slots_held}, {"expected", report.verdict.slots_expected}};
    all["mails"] = {{"received", report.verdict.mails},
                    {"confirmations", report.verdict.confirmations},
                    {"expected", report.verdict.confirmations_expected}};
    json::array problems;
    for (const std::string& problem : report.verdict.problems) problems.emplace_back(problem);
    all["problems"] = std::move(problems);
    return all;
}

Progress::Progress(std::size_t total, bool quiet)
    : total_(total), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1), began_(std::chrono::steady_clock::now()) {}

void Progress::show(std::size_t ended, std::size_t stuck, std::size_t under_way) {
    if (quiet_) return;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    const std::string facts = fmt::format("{}/{} bookings ended, {} under way{}, {:.0f} s", ended, total_, under_way,
                                          stuck > 0 ? fmt::format(", {} stuck", stuck) : "", took.count());
    if (terminal_) {
        const std::size_t filled = total_ == 0 ? bar_width : bar_width * ended / total_;
        fmt::print(stderr, "\r[{:=<{}}{: <{}}] {}\x1b[K", "", filled, "", bar_width - filled, facts);
    } else if (ended == total_ || ended >= told_ + std::max<std::size_t>(1, total_ / 10)) {
        if (ended == told_ && ended != 0) return;
        fmt::print(stderr, "{}\n", facts);
        told_ = ended;
    }
    std::fflush(stderr);
}

void Progress::finish() {
    if (!quiet_ && terminal_) fmt::print(stderr, "\n");
}

} // namespace appointd::demo
