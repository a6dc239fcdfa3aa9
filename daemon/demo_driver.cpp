#include "daemon/demo_driver.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <span>

namespace appointd::demo {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int most_operator_tries = 120; // an operator tries again while a node starts anew

using Monotonic = std::chrono::steady_clock;
constexpr auto first_pause = 15ms;
constexpr auto longest_pause = 240ms;
constexpr auto soon = std::chrono::seconds(60); // time enough to pay, where only a reconciliation tells of it

std::optional<std::string> link_of(const json::object& booking, std::string_view name) {
    const json::object* links = object_field(booking, "links");
    return links ? text_field(*links, name) : std::nullopt;
}

const json::object& data_part(const json::object& detail, std::string_view name) {
    return object_or_empty(object_or_empty(detail, "data"), name);
}

bool has_open_calls(const json::object& detail) {
    const json::array* calls = array_field(detail, "activities");
    return calls && std::ranges::any_of(*calls, [](const json::value& call) {
               return call.is_object() && text_field(call.get_object(), "state").value_or("") == "open";
           });
}

} // namespace

Journey::Journey(Web& web, const Places& places, Plan plan, std::string tag, std::chrono::seconds patience)
    : web_(web), people_(web, places.sandbox_url), places_(places), offer_(offer_named(plan.script->session_type)),
      tag_(std::move(tag)), patience_(patience) {
    run_.plan = std::move(plan);
    email_ = "customer-" + std::to_string(run_.plan.number) + "@" + tag_ + ".example.org";
}

asio::awaitable<Run> Journey::run() {
    const auto began = Monotonic::now();
    const Script& script = *run_.plan.script;
    std::string step = "begin";
    try {
        for (at_ = 0; at_ < script.steps.size(); ++at_) {
            step = name_of(script.steps[at_]);
            co_await take(script.steps[at_]);
        }
        step = "come to its end";
        co_await await_end();
    } catch (const std::exception& error) {
        run_.stuck = "could not " + step + ": " + error.what();
    }
    run_.seconds = std::chrono::duration<double>(Monotonic::now() - began).count();
    co_return run_;
}

asio::awaitable<void> Journey::take(Step step) {
    switch (step) {
    case Step::ask: co_await ask(); break;
    case Step::pick: {
        start_ = slot_start();
        took(co_await people_.pick(scheduling_, run_.plan.name, email_, start_));
        break;
    }
    case Step::book_directly: co_await book_directly(); break;
    case Step::await_checkout: checkout_ = co_await await_link("checkout"); break;
    case Step::pay: co_await people_.check_out(checkout_, "pay", email_); break;
    case Step::decline: co_await people_.check_out(checkout_, "decline", email_); break;
    case Step::pay_later: co_await people_.check_out(checkout_, "later", email_); break;
    case Step::later_arrives: co_await people_.settle_later(session_of_checkout(), true); break;
    case Step::later_fails: co_await people_.settle_later(session_of_checkout(), false); break;
    case Step::await_confirmed: co_await await_state("CONFIRMED"); break;
    case Step::await_failed: co_await await_state("PAYMENT_FAILED"); break;
    case Step::await_abandoned: co_await await_state("ABANDONED"); break;
    case Step::await_meeting: meeting_link_ = co_await await_link("meeting"); break;
    case Step::await_moved: co_await await_moved(); break;
    case Step::reschedule: co_await reschedule(); break;
    case Step::cancel_as_invitee: co_await people_.cancel_as_invitee(invitee_); break;
    case Step::cancel_as_host: co_await people_.cancel_as_host(invitee_); break;
    case Step::cancel_as_operator: {
        json::object payload{{"refund", "full"}};
        co_await operate("operator.cancel", std::move(payload));
        break;
    }
    case Step::complete_as_operator: {
        json::object payload;
        co_await operate("operator.complete", std::move(payload));
        break;
    }
    case Step::delete_meeting: {
        const std::string meeting = co_await meeting_id();
        co_await people_.delete_meeting(meeting);
        break;
    }
    case Step::meet: {
        co_await meet();
        break;
    }
    }
}

asio::awaitable<void> Journey::ask() {
    json::object invitee{{"name", run_.plan.name}, {"email", email_}};
    json::object body{{"session_type", offer_.id}, {"invitee", std::move(invitee)}};
    body["metadata"] = json::object{{"script", run_.plan.script->name}};
    const net::Headers headers{{"Idempotency-Key", tag_ + "-" + std::to_string(run_.plan.number)}};
    const auto until = Monotonic::now() + patience_;
    auto pause = std::chrono::milliseconds(first_pause);
    for (;;) {
        const net::ClientResponse response = co_await web_.post_json(places_.public_url + "/api/bookings", body, headers);
        if (const auto data = data_of(response)) {
            run_.booking = text_field(*data, "id").value_or("");
            break;
        }
        // Refused for good, or away for longer than anybody waits: the same key makes asking again harmless.
        const bool away = response.failure != net::ClientResponse::Failure::none || response.status >= 500;
        if (!away || Monotonic::now() > until) throw Stuck(words_for(response));
        co_await web_.pause(pause);
        pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
    }
    scheduling_ = co_await await_link("scheduling");
}

asio::awaitable<void> Journey::meet() {
    const std::string meeting = co_await meeting_id();
    if (!run_.plan.in_real_time) { // at the instants of the slot, as if days had passed
        co_await people_.meet(meeting, start_, start_ + std::chrono::minutes(offer_.minutes));
        co_return;
    }
    const auto now = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
    while (now() < start_ + 1s) co_await web_.pause(longest_pause);
    co_await people_.meet(meeting, start_, now());
}

asio::awaitable<void> Journey::book_directly() {
    start_ = slot_start();
    took(co_await people_.book_directly(std::string(offer_.event_type), run_.plan.name, email_, start_));
    const std::string search = places_.admin_url + "/admin/v1/workflows?q=" + percent_encode(email_);
    const json::object found = co_await poll(search, "a booking of that e-mail", [](const json::object& data) {
        const json::array* items = array_field(data, "items");
        return items && !items->empty();
    });
    run_.booking = text_field(array_field(found, "items")->front().as_object(), "id").value_or("");
}

asio::awaitable<void> Journey::reschedule() {
    ++moves_;
    start_ = slot_start();
    took(co_await people_.reschedule(invitee_, start_));
}

asio::awaitable<void> Journey::operate(std::string type, json::object payload) {
    json::object body{{"type", std::move(type)}, {"payload", std::move(payload)}};
    body["actor"] = "demo";
    body["reason"] = "as the script says";
    bool perhaps_done = false; // an answer was lost: a refusal then says that it was carried out
    for (int tries = 0; tries < most_operator_tries; ++tries) {
        json::object copy = body;
        const net::ClientResponse response = co_await web_.post_json(detail_url() + "/events", std::move(copy));
        const bool accepted = response.status >= 200 && response.status <= 299;
        if (accepted || (perhaps_done && response.status == 409)) co_return;
        const bool away = response.failure != net::ClientResponse::Failure::none || response.status == 503;
        if (!away) throw Stuck(words_for(response));
        perhaps_done = perhaps_done || response.failure == net::ClientResponse::Failure::unknown;
        co_await web_.pause(std::chrono::milliseconds(250));
    }
    throw Stuck("the admin API stayed away");
}

asio::awaitable<void> Journey::await_state(std::string state) {
    co_await poll(booking_url(), "state " + state,
                  [&](const json::object& booking) { return text_field(booking, "state").value_or("") == state; });
}

asio::awaitable<std::string> Journey::await_link(std::string name) {
    const json::object booking = co_await poll(booking_url(), "a " + name + " link", [&](const json::object& data) {
        const auto link = link_of(data, name);
        return link && !seen_.contains(*link);
    });
    std::string link = *link_of(booking, name);
    seen_.insert(link);
    co_return link;
}

asio::awaitable<void> Journey::await_moved() {
    co_await poll(detail_url(), "the slot at " + to_iso(start_), [&](const json::object& detail) {
        return time_field(data_part(detail, "slot"), "start") == start_ && !has_open_calls(detail);
    });
}

asio::awaitable<void> Journey::await_end() {
    const std::string state(run_.plan.script->ending.state);
    co_await poll(detail_url(), "state " + state + " with no call open", [&](const json::object& detail) {
        return text_field(detail, "state").value_or("") == state && !has_open_calls(detail);
    });
}

asio::awaitable<std::string> Journey::meeting_id() {
    const json::object detail = co_await poll(detail_url(), "the meeting's id", [](const json::object& data) {
        return text_field(data_part(data, "meeting"), "id").has_value();
    });
    co_return text_field(data_part(detail, "meeting"), "id").value_or("");
}

template <class Accept> asio::awaitable<json::object> Journey::poll(std::string url, std::string what, Accept accept) {
    const auto until = Monotonic::now() + patience_;
    auto pause = std::chrono::milliseconds(first_pause);
    for (;;) {
        const net::ClientResponse response = co_await web_.get(url);
        const auto data = data_of(response);
        if (data && accept(*data)) co_return *data;
        if (Monotonic::now() > until) {
            const std::string last = data ? "state " + text_field(*data, "state").value_or("unknown") : words_for(response);
            throw Stuck("no " + what + " within " + std::to_string(patience_.count()) + " s; last: " + last);
        }
        co_await web_.pause(pause);
        pause = std::min<std::chrono::milliseconds>(pause * 3 / 2, longest_pause);
    }
}

std::string Journey::session_of_checkout() const { return last_segment(checkout_); }

Time Journey::slot_start() const {
    const auto& steps = run_.plan.script->steps;
    const auto later = std::span(steps).subspan(at_ + 1);
    const bool held = std::ranges::find(later, Step::meet) != later.end();
    const bool moves_again = std::ranges::find(later, Step::reschedule) != later.end();
    const auto ahead = run_.plan.in_real_time && held && !moves_again ? std::chrono::seconds(soon)
                                                                      : run_.plan.start_in + std::chrono::hours(24 * moves_);
    // Whole seconds, as calendars have them.
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + ahead;
}

void Journey::took(const Taken& taken) {
    invitee_ = taken.invitee;
    run_.invitees.push_back(taken.invitee);
}

} // namespace appointd::demo
