#pragma once

#include "net/http_server.hpp"
#include "sandbox/mail/mailbox.hpp"
#include "sandbox/mail/smtp_server.hpp"
#include "sandbox/sandbox.hpp"

#include <boost/asio/steady_timer.hpp>

#include <mutex>

namespace appointd::sandbox {

/// What the coroutines of a sandbox share; lives as long as the last of them.
struct Sandbox::Core : std::enable_shared_from_this<Sandbox::Core> {
    Core(boost::asio::any_io_executor its_executor, Options its_options, Log its_log);

    /// Under the lock; then delivers what was caused. Tells time to the machines first.
    void with_world(const std::function<void(World&, Time)>& verb);

    boost::asio::awaitable<net::Response> handle(net::Request request);
    boost::asio::awaitable<net::Response> handle_api(Provider provider, bool auth, Call call);
    net::Response execute(Provider provider, bool auth, const Call& call, stripe::Execution execution);
    net::Response fail(Provider provider, const Fault& fault);
    net::Response handle_page(std::string_view area, const Call& call);
    net::Response control(const Call& call);
    net::Response control_state(const Call& call);
    net::Response control_change(const Call& call, const json::object& body);
    net::Response control_settings(const json::object& body);
    net::Response control_webhooks(std::string_view verb, const json::object& body);
    void report(const Webhook& webhook, bool delivered, bool for_good);
    void set_webhook_base(const std::string& base);
    Fields environment() const;
    boost::asio::awaitable<void> keep_time();

    boost::asio::any_io_executor executor;
    const Options options;
    Log log;
    std::string base;
    std::mutex mutex; ///< guards `world`
    World world;
    Faults faults;
    Delivery delivery;
    mail::Mailbox mailbox;
    std::unique_ptr<mail::SmtpServer> relay;
    std::vector<std::unique_ptr<net::HttpServer>> servers;
    boost::asio::steady_timer heartbeat;
    std::optional<Time> last_validation;
    bool stopping = false;
};

} // namespace appointd::sandbox
