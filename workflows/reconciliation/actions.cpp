#include "workflows/reconciliation/actions.hpp"

#include "workflows/reconciliation/instance.hpp"

#include <algorithm>

namespace appointd::reconciliation {
namespace {

constexpr int lowest_priority = 9;

const json::object& result(const Step& step) { return object_or_empty(step.payload, "result"); }

Duration distance(const Data& data) { return std::chrono::seconds(std::max<std::int64_t>(data.every_seconds, 1)); }

/// Accounts and nodes do not all ask at the same moment. Made from what is known, as a transition draws nothing.
Duration jitter(const Step& step) {
    std::uint64_t hash = static_cast<std::uint64_t>(step.input.seq) * 0x9e3779b97f4a7c15u;
    for (const auto byte : step.input.self.get()) hash = (hash ^ byte) * 0x100000001b3u;
    return Duration(static_cast<std::int64_t>((hash >> 16) % static_cast<std::uint64_t>(distance(step.data).count() / 10 + 1)));
}

/// Where a window that nobody asked for by hand begins.
Time begin_of_window(const Step& step) {
    const Data& data = step.data;
    return std::max({data.covered - limits::overlap, data.floor, step.input.now - limits::farthest});
}

std::optional<Time> asked_since(const Step& step) {
    if (step.event != Reconciliation::Event::operator_sweep) return step.data.wanted;
    return time_field(step.payload, "since");
}

} // namespace

namespace ask_if {

bool more_pages(const Step& step) {
    return text_field(result(step), "next") && step.data.sweep && step.data.sweep->pages < limits::pages_of_sweep;
}

bool long_enough(const Step& step) { return more_pages(step) && (step.data.sweep->pages + 1) % limits::pages_at_once == 0; }

bool worn_out(const Step& step) { return !step.data.sweep && step.data.sweeps >= limits::sweeps_of_instance; }
bool interrupted(const Step& step) { return step.data.sweep.has_value(); }
bool still_wanted(const Step& step) { return step.data.wanted.has_value(); }

bool since_unusable(const Step& step) {
    const auto* since = step.payload.if_contains("since");
    if (!since || since->is_null()) return false;
    const auto time = time_field(step.payload, "since");
    return !time || *time >= step.input.now || *time < step.input.now - limits::farthest;
}

} // namespace ask_if

namespace act {

void begin(Step& step) {
    const auto beginning = parse_beginning(step.input.event.payload);
    Data& data = step.data;
    data.provider = beginning.provider;
    data.account = beginning.account;
    data.generation = beginning.generation;
    data.every_seconds = beginning.every_seconds;
    data.floor = beginning.floor;
    data.covered = beginning.covered;
    set_next_turn(step);
}

void take_configuration(Step& step) {
    step.data.every_seconds = int_field(step.payload, "every_seconds").value_or(step.data.every_seconds);
    if (step.from == State::waiting) set_next_turn(step);
}

void open_sweep(Step& step) {
    step.drop_timer("sweep");
    Data& data = step.data;
    const Time now = step.input.now;
    Time since = begin_of_window(step);
    for (const auto& asked : {asked_since(step), data.wanted, data.sweep ? std::optional(data.sweep->since) : std::nullopt})
        if (asked) since = std::min(since, *asked);
    data.wanted.reset();
    data.sweep = Sweep{.since = std::max(since, now - limits::farthest), .until = now, .started = now, .cursor = {}};
    ask_page(step);
}

void ask_page(Step& step) {
    step.drop_timer("sweep");
    step.drop_timer("page");
    const Sweep& sweep = *step.data.sweep;
    step.activities.push_back({list_kind(step.data.provider), lane_of(step.data.provider), lowest_priority,
                               list_request(sweep.since, sweep.until, sweep.cursor)});
}

void count_page(Step& step) {
    Data& data = step.data;
    data.failures = 0;
    data.last_error.clear();
    if (!data.sweep) return;
    data.sweep->pages += 1;
    data.sweep->seen += int_field(result(step), "seen").value_or(0);
    data.sweep->cursor = text_field(result(step), "next").value_or("");
}

void take_breath(Step& step) { step.set_timer("page", step.input.now + std::min<Duration>(limits::breath, distance(step.data))); }

void close_sweep(Step& step) {
    Data& data = step.data;
    if (!data.sweep) return;
    if (data.sweep->cursor.empty())
        data.covered = std::max(data.covered, data.sweep->until);
    else // given up with pages left: the next window begins where this one did
        data.last_error = "too_many_pages: the provider went on past " + std::to_string(limits::pages_of_sweep) + " pages";
    data.last = std::move(data.sweep);
    data.last_ended = step.input.now;
    data.sweep.reset();
    data.sweeps += 1;
    set_next_turn(step);
}

void note_failure(Step& step) {
    Data& data = step.data;
    data.failures += 1;
    data.last_error = text_field(step.payload, "code").value_or("") + ": " + text_field(step.payload, "message").value_or("");
    // A cursor may be what the provider refuses: at the second failure in a row the window is begun anew.
    if (data.sweep && data.failures > 1) {
        data.sweep->cursor.clear();
        data.sweep->pages = data.sweep->seen = 0;
    }
    const Duration most = std::max<Duration>(limits::longest_backoff, distance(data));
    Duration wait = distance(data);
    for (std::int64_t i = 1; i < data.failures && wait < most; ++i) wait *= 2;
    step.drop_timer("page");
    step.set_timer("sweep", step.input.now + std::min(wait, most) + jitter(step));
}

void set_next_turn(Step& step) { step.set_timer("sweep", step.input.now + distance(step.data) + jitter(step)); }

void remember_wish(Step& step) {
    const Time since = asked_since(step).value_or(begin_of_window(step));
    step.data.wanted = step.data.wanted ? std::min(*step.data.wanted, since) : since;
}

void hand_over(Step& step) {
    step.drop_timer("sweep");
    const Data& data = step.data;
    const Beginning next{data.provider, data.account, data.generation + 1, data.every_seconds, data.floor, data.covered};
    step.activities.push_back({"reconciliation.renew", lane_of(data.provider), lowest_priority, encode(next)});
}

void stop(Step& step) { step.timers.clear(); }

} // namespace act

} // namespace appointd::reconciliation
