#pragma once

#include "foundation/log.hpp"
#include "net/http_message.hpp"
#include "sandbox/delivery.hpp"
#include "sandbox/options.hpp"
#include "sandbox/world.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace appointd::sandbox {

/// A local Calendly, Stripe and Zoom on one port, told apart by prefix, and a mail relay on another:
///   /calendly /calendly-auth /stripe /zoom /zoom-auth   what the daemon's *_BASE settings point at
///   /book /pay /j /mailbox                              pages that a person clicks through
///   /control                                            docs/sandbox.md
/// The executor is a single-threaded io_context or a strand. act(), control(), faults(), webhooks() and environment() may be
/// called from any thread; listen, start, stop and the destructor only from the executor's, or while it does not run.
class Sandbox {
public:
    /// Binds at once. Errors: listen_failed, bad_address.
    static Result<std::unique_ptr<Sandbox>> listen(boost::asio::any_io_executor executor, Options options, Log log);
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    void start();
    boost::asio::awaitable<void> stop(std::chrono::milliseconds limit);

    unsigned short port() const;
    /// "http://127.0.0.1:8090", without a slash at the end.
    const std::string& base() const;
    /// What a daemon must be told, by the names of its environment: bases, tokens, secrets.
    Fields environment() const;

    /// Runs `verb(World&, Time now)` under the lock, delivers the webhooks it caused, and gives what it gave.
    /// sandbox.act([&](World& w, Time now) { return w.stripe.pay(session, {}, now); })
    template <class Verb> auto act(Verb verb) -> std::invoke_result_t<Verb, World&, Time> {
        using Given = std::invoke_result_t<Verb, World&, Time>;
        if constexpr (std::is_void_v<Given>) {
            with_world([&](World& world, Time now) { verb(world, now); });
        } else {
            std::optional<Given> given;
            with_world([&](World& world, Time now) { given.emplace(verb(world, now)); });
            return *std::move(given);
        }
    }

    /// The control API without a socket: control("POST", "/stripe/pay", {{"session", id}}); the path is below /control.
    net::Response control(std::string_view method, std::string_view path, const json::object& body = {});
    /// The ledger as GET /control/ledger tells it.
    json::object ledger(std::string_view booking = "");
    /// The e-mails about it as GET /control/mailbox tells them.
    json::object mailbox(std::string_view booking = "");

    Faults& faults();
    Delivery& webhooks();
    /// Where webhooks go from now on: the public listener of a daemon whose port was not known before.
    void set_webhook_base(const std::string& base);

private:
    struct Core;
    explicit Sandbox(std::shared_ptr<Core> core);
    void with_world(const std::function<void(World&, Time)>& verb);
    std::shared_ptr<Core> core_;
};

} // namespace appointd::sandbox
