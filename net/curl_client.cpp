#include "net/curl_call.hpp"
#include "net/http_client.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <map>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

namespace appointd::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t spare_handles = 64;
constexpr long idle_connections = 256;

/// A call that a coroutine waits for.
struct Waiting {
    Waiting(asio::any_io_executor executor, EasyHandle easy, ClientRequest request, const ClientLimits& limits)
        : call(std::move(easy), std::move(request), limits), done(executor, asio::steady_timer::time_point::max()) {}
    CurlCall call;
    asio::steady_timer done; ///< cancelled when `response` is there: the coroutine resumes from the executor, never inside curl
    ClientResponse response;
    bool finished = false;
};

/// The multi handle and the sockets that it asked us to watch.
class Multi : public std::enable_shared_from_this<Multi> {
public:
    Multi(asio::any_io_executor executor, ClientLimits limits)
        : executor_(executor), limits_(limits), timer_(executor), multi_(curl_multi_init()) {
        if (!multi_) throw std::runtime_error("curl_multi_init failed");
        curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
        curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, limits.connections_per_host);
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
    }
    ~Multi() { close(); }
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    std::shared_ptr<Waiting> begin(ClientRequest request) {
        auto waiting = std::make_shared<Waiting>(executor_, fresh_easy(), std::move(request), limits_);
        if (!multi_) {
            waiting->response = waiting->call.give_up("the client is closed");
            waiting->finished = true;
            return waiting;
        }
        CURL* easy = waiting->call.easy();
        waiting_.emplace(easy, waiting);
        const CURLMcode added = curl_multi_add_handle(multi_, easy); // asks for a turn; the work begins there
        if (added != CURLM_OK) finish(*waiting, waiting->call.give_up(curl_multi_strerror(added)));
        return waiting;
    }

    /// For a caller that stopped waiting.
    void abandon(Waiting& waiting) {
        if (!waiting.finished) finish(waiting, waiting.call.give_up("canceled"));
    }

    void close() {
        if (!multi_) return;
        while (!waiting_.empty()) {
            const auto waiting = waiting_.begin()->second;
            finish(*waiting, waiting->call.give_up("the client was closed"));
        }
        curl_multi_cleanup(multi_); // still calls on_socket for its idle connections
        multi_ = nullptr;
        timer_.cancel();
        watches_.clear();
    }

private:
    struct Watch {
        Watch(asio::any_io_executor executor, curl_socket_t socket) : descriptor(executor, socket) {}
        ~Watch() { descriptor.release(); } // the socket is curl's
        asio::posix::stream_descriptor descriptor;
        int wanted = 0; // CURL_POLL_IN, OUT, INOUT
        bool waits_in = false, waits_out = false;
    };

    EasyHandle fresh_easy() {
        if (spare_.empty()) {
            EasyHandle easy(curl_easy_init());
            if (!easy) throw std::runtime_error("curl_easy_init failed");
            return easy;
        }
        EasyHandle easy = std::move(spare_.back());
        spare_.pop_back();
        return easy;
    }

    void finish(Waiting& waiting, ClientResponse response) {
        CURL* easy = waiting.call.easy();
        curl_multi_remove_handle(multi_, easy);
        waiting.response = std::move(response);
        waiting.finished = true;
        waiting.done.cancel();
        EasyHandle spare = waiting.call.take_easy();
        if (spare_.size() < spare_handles) {
            curl_easy_reset(easy);
            spare_.push_back(std::move(spare));
        }
        waiting_.erase(easy); // last: it may be what keeps `waiting` alive
    }

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
        static_cast<Multi*>(self)->watch(socket, what);
        return 0;
    }

    static int on_timer(CURLM*, long milliseconds, void* self) {
        static_cast<Multi*>(self)->arm(milliseconds);
        return 0;
    }

    void watch(curl_socket_t socket, int what) {
        if (what == CURL_POLL_REMOVE) {
            watches_.erase(socket);
            return;
        }
        auto& watch = watches_[socket];
        if (!watch) watch = std::make_shared<Watch>(executor_, socket);
        watch->wanted = what;
        wait(socket, watch);
    }

    void wait(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
        if ((watch->wanted & CURL_POLL_IN) && !watch->waits_in) {
            watch->waits_in = true;
            watch->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                         [self = weak_from_this(), weak = std::weak_ptr(watch), socket](const error_code& error) {
                                             if (const auto it = weak.lock()) it->waits_in = false;
                                             ready(self, weak, socket, CURL_CSELECT_IN, error);
                                         });
        }
        if ((watch->wanted & CURL_POLL_OUT) && !watch->waits_out) {
            watch->waits_out = true;
            watch->descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                                         [self = weak_from_this(), weak = std::weak_ptr(watch), socket](const error_code& error) {
                                             if (const auto it = weak.lock()) it->waits_out = false;
                                             ready(self, weak, socket, CURL_CSELECT_OUT, error);
                                         });
        }
    }

    static void ready(const std::weak_ptr<Multi>& weak_self, const std::weak_ptr<Watch>& weak_watch, curl_socket_t socket,
                      int what, const error_code& error) {
        const auto self = weak_self.lock();
        if (!self || !self->multi_ || error == asio::error::operation_aborted) return;
        const int wanted_bit = what == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
        if (const auto watch = weak_watch.lock(); !watch || !(watch->wanted & wanted_bit)) return; // curl lost interest meanwhile
        self->act(socket, error ? CURL_CSELECT_ERR : what);
        if (const auto watch = weak_watch.lock()) self->wait(socket, watch);
    }

    void arm(long milliseconds) {
        timer_.cancel();
        if (milliseconds < 0) return;
        if (milliseconds == 0) return act_soon();
        timer_.expires_after(std::chrono::milliseconds(milliseconds));
        timer_.async_wait([weak = weak_from_this()](const error_code& error) {
            const auto self = weak.lock();
            if (error || !self || !self->multi_) return;
            self->act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    /// "At once" is what curl says to every new call: one turn of the executor serves all that begin in it, without a timer.
    void act_soon() {
        if (std::exchange(soon_, true)) return;
        asio::post(executor_, [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (!self || !self->multi_) return;
            self->soon_ = false;
            self->act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    void act(curl_socket_t socket, int what) {
        int running = 0;
        curl_multi_socket_action(multi_, socket, what, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode verdict = message->data.result; // the message is gone once its handle is removed
            const auto found = waiting_.find(message->easy_handle);
            if (found == waiting_.end()) continue;
            const auto waiting = found->second;
            finish(*waiting, waiting->call.conclude(verdict));
        }
    }

    asio::any_io_executor executor_;
    ClientLimits limits_;
    asio::steady_timer timer_;
    bool soon_ = false; ///< a turn of act_soon is on its way
    CURLM* multi_;
    std::vector<EasyHandle> spare_;
    std::unordered_map<CURL*, std::shared_ptr<Waiting>> waiting_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

class CurlClient final : public HttpClient {
public:
    CurlClient(asio::any_io_executor executor, ClientLimits limits) : multi_(std::make_shared<Multi>(executor, limits)) {}
    ~CurlClient() override { multi_->close(); }

    asio::awaitable<ClientResponse> send(ClientRequest request) override { return run(multi_, std::move(request)); }

private:
    /// Knows nothing of the client, which may be destroyed meanwhile.
    static asio::awaitable<ClientResponse> run(std::shared_ptr<Multi> multi, ClientRequest request) {
        const auto waiting = multi->begin(std::move(request));
        error_code ignored;
        if (!waiting->finished) co_await waiting->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        multi->abandon(*waiting);
        co_return std::move(waiting->response);
    }

    std::shared_ptr<Multi> multi_;
};

} // namespace

std::unique_ptr<HttpClient> HttpClient::make(asio::any_io_executor executor, ClientLimits limits) {
    // curl wants one global initialisation; it cannot fail later than here.
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::runtime_error("curl_global_init failed");
    return std::make_unique<CurlClient>(executor, limits);
}

} // namespace appointd::net
