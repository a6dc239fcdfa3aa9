#include "bench/bookings/load.hpp"

#include "bench/bookings/keep_alive.hpp"
#include "foundation/digest.hpp"
#include "foundation/time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace appointd::bench {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds meeting_ends_after{50}; // until then the outcome of "create meeting" is surely on its way
constexpr long most_under_way = 2000;

std::string unix_now() {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::string head(std::string_view path) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
}

constexpr std::string_view slot_start = "2030-03-01T09:00:00.000000Z", slot_end = "2030-03-01T10:00:00.000000Z";

std::string invitee_created(long n) {
    const std::string id = std::to_string(n);
    const std::string event = "https://api.calendly.com/scheduled_events/E" + id;
    const std::string now = to_iso(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
    std::string body =
        R"({"event":"invitee.created","created_at":")" + now +
        R"(","created_by":"https://api.calendly.com/users/U1","payload":{"uri":")" + event + "/invitees/I" + id +
        R"(","event":")" + event + R"(","email":"guest)" + id + R"(@example.org","name":"Guest )" + id +
        R"(","first_name":null,"last_name":null,"status":"active","timezone":"Europe/Berlin","text_reminder_number":null,"questions_and_answers":[],)";
    body +=
        R"("tracking":{"utm_campaign":null,"utm_source":null,"utm_medium":null,"utm_content":null,"utm_term":null,"salesforce_uuid":null},"cancel_url":"https://calendly.com/cancellations/I)" +
        id + R"(","reschedule_url":"https://calendly.com/reschedulings/I)" + id +
        R"(","rescheduled":false,"old_invitee":null,"new_invitee":null,"payment":null,"no_show":null,"created_at":")" + now +
        R"(","updated_at":")" + now;
    body +=
        R"(","scheduled_event":{"uri":")" + event + R"(","name":"Coaching","status":"active","start_time":")" +
        std::string(slot_start) + R"(","end_time":")" + std::string(slot_end) +
        R"(","event_type":"https://api.calendly.com/event_types/BENCH","location":{"type":"custom","location":"Link follows"},"invitees_counter":{"total":1,"active":1,"limit":1},"event_memberships":[{"user":"https://api.calendly.com/users/U1"}],"event_guests":[],"created_at":")" +
        now + R"(","updated_at":")" + now + R"("}}})";
    return body;
}

std::string session_completed(const std::string& booking) {
    return R"({"id":"evt_)" + booking + R"(","object":"event","api_version":"2026-10-28.endive","created":)" + unix_now() +
           R"(,"livemode":false,"type":"checkout.session.completed","pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"data":{"object":{"id":"cs_test_)" +
           booking +
           R"(","object":"checkout.session","status":"complete","payment_status":"paid","mode":"payment","payment_intent":"pi_)" +
           booking +
           R"(","amount_subtotal":12000,"amount_total":12000,"currency":"usd","total_details":{"amount_discount":0,"amount_shipping":0,"amount_tax":0},"client_reference_id":")" +
           booking + R"(","metadata":{"booking_id":")" + booking + R"("},"livemode":false}}})";
}

std::string meeting_ended(const std::string& meeting) {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return R"({"event":"meeting.ended","event_ts":)" + std::to_string(millis) +
           R"(,"payload":{"account_id":"ac1","object":{"id":")" + meeting + R"(","uuid":"u)" + meeting +
           R"(==","host_id":"h1","topic":"Coaching","type":2,"start_time":"2030-03-01T09:00:03Z","end_time":"2030-03-01T09:55:00Z","timezone":"UTC","duration":60}}})";
}

} // namespace

Load::Load(asio::io_context& context, unsigned short port, Secrets secrets, long bookings, int connections)
    : context_(context), port_(port), secrets_(std::move(secrets)), bookings_(bookings), connections_(connections) {}

void Load::checkout_made(const std::string& booking) { payments_.push_back({Clock::now(), Task::Kind::stripe, booking, ""}); }

void Load::meeting_made(const std::string& booking, const std::string& meeting) {
    meetings_.push_back({Clock::now() + meeting_ends_after, Task::Kind::zoom, booking, meeting});
}

/// Latest steps first, so that bookings get through; no more new ones than the daemon can carry.
bool Load::next(Task& task) {
    for (auto* queue : {&meetings_, &payments_}) {
        if (queue->empty() || queue->front().ready > Clock::now()) continue;
        task = std::move(queue->front());
        queue->pop_front();
        return true;
    }
    if (begun_ >= bookings_ || begun_ - ended_ >= most_under_way) return false;
    task = {Clock::now(), Task::Kind::calendly, std::to_string(++begun_), ""};
    return true;
}

std::pair<std::string, std::string> Load::request_of(const Task& task) {
    const std::string now = unix_now();
    if (task.kind == Task::Kind::calendly) {
        std::string body = invitee_created(std::stol(task.booking));
        return {head("/webhooks/calendly") + "Calendly-Webhook-Signature: t=" + now +
                    ",v1=" + hmac_sha256_hex(secrets_.calendly, now + "." + body) + "\r\n",
                body};
    }
    if (task.kind == Task::Kind::stripe) {
        std::string body = session_completed(task.booking);
        return {head("/webhooks/stripe") + "Stripe-Signature: t=" + now +
                    ",v1=" + hmac_sha256_hex(secrets_.stripe, now + "." + body) + "\r\n",
                body};
    }
    std::string body = meeting_ended(task.meeting);
    return {head("/webhooks/zoom") + "x-zm-request-timestamp: " + now +
                "\r\nx-zm-signature: v0=" + hmac_sha256_hex(secrets_.zoom, "v0:" + now + ":" + body) + "\r\n",
            body};
}

asio::awaitable<void> Load::connection() {
    KeepAlive http(context_.get_executor());
    asio::steady_timer timer(context_);
    co_await http.connect(port_);
    while (ended_ < bookings_ && Clock::now() < deadline_) {
        Task task;
        if (!next(task)) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
            continue;
        }
        auto [header, body] = request_of(task);
        const auto began = Clock::now();
        const KeepAlive::Answer answer = co_await http.exchange(std::move(header), std::move(body));
        const std::chrono::duration<double, std::milli> took = Clock::now() - began;
        result_.latencies_ms.push_back(took.count());
        result_.acknowledged += 1;
        if (answer.status != 200) {
            if (result_.refused++ == 0) std::fprintf(stderr, "refused: %d %s\n", answer.status, answer.body.c_str());
            if (task.kind == Task::Kind::calendly) begun_ -= 1;
            if (task.kind == Task::Kind::stripe) payments_.push_back(task);
        }
        if (task.kind != Task::Kind::zoom) continue;
        if (answer.status == 200 && answer.body.find("\"applied\"") != std::string::npos) {
            ended_ += 1;
        } else { // the meeting's own outcome was not committed yet, or 503
            result_.early += answer.status == 200 ? 1 : 0;
            task.ready = Clock::now() + meeting_ends_after;
            meetings_.push_back(std::move(task));
        }
    }
    alive_ -= 1;
}

asio::awaitable<LoadResult> Load::run(std::chrono::seconds limit) {
    const auto began = Clock::now();
    deadline_ = began + limit;
    alive_ = connections_;
    for (int at = 0; at < connections_; ++at) asio::co_spawn(context_, connection(), asio::detached);
    asio::steady_timer timer(context_);
    while (alive_ > 0 && Clock::now() < deadline_ + std::chrono::seconds(5)) {
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
    }
    result_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    if (ended_ < bookings_) std::fprintf(stderr, "only %ld of %ld bookings got through\n", ended_, bookings_);
    result_.refused += bookings_ - ended_;
    co_return std::move(result_);
}

asio::awaitable<LoadResult> constant_load(asio::io_context& context, unsigned short port, long requests, int connections) {
    auto result = std::make_shared<LoadResult>();
    auto left = std::make_shared<long>(requests);
    auto alive = std::make_shared<int>(connections);
    const std::string body = session_completed("00000000-0000-7000-8000-000000000000");
    const auto one = [](asio::io_context& loop, unsigned short to, std::string text, std::shared_ptr<LoadResult> sum,
                        std::shared_ptr<long> todo, std::shared_ptr<int> running) -> asio::awaitable<void> {
        KeepAlive http(loop.get_executor());
        co_await http.connect(to);
        while (--*todo >= 0) {
            const auto began = Clock::now();
            std::string header = head("/webhooks/stripe");
            std::string copy = text;
            co_await http.exchange(std::move(header), std::move(copy));
            sum->latencies_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
            sum->acknowledged += 1;
        }
        *running -= 1;
    };
    const auto began = Clock::now();
    for (int at = 0; at < connections; ++at)
        asio::co_spawn(context, one(context, port, body, result, left, alive), asio::detached);
    asio::steady_timer timer(context);
    while (*alive > 0) {
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
    }
    result->seconds = std::chrono::duration<double>(Clock::now() - began).count();
    co_return std::move(*result);
}

} // namespace appointd::bench
