#include "net/curl_multi.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace appointd::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t spare_handles = 64;
constexpr long idle_connections = 256;

void initialise_curl() {
    // curl wants one global initialisation; it cannot fail later than here.
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::runtime_error("curl_global_init failed");
}

} // namespace

/// A transfer that a coroutine waits for.
struct CurlMulti::Running {
    Running(asio::any_io_executor executor, std::shared_ptr<CurlTransfer> its_transfer)
        : transfer(std::move(its_transfer)), done(executor, asio::steady_timer::time_point::max()) {}
    std::shared_ptr<CurlTransfer> transfer;
    asio::steady_timer done; ///< cancelled at the end: the coroutine resumes from the executor, never inside curl
    bool finished = false;
};

struct CurlMulti::Watch {
    Watch(asio::any_io_executor executor, curl_socket_t socket) : descriptor(executor, socket) {}
    ~Watch() { descriptor.release(); } // the socket is curl's
    asio::posix::stream_descriptor descriptor;
    int wanted = 0; // CURL_POLL_IN, OUT, INOUT
    bool waits_in = false, waits_out = false;
};

CurlMulti::CurlMulti(asio::any_io_executor executor, long connections_per_host)
    : executor_(executor), timer_(executor), multi_((initialise_curl(), curl_multi_init())) {
    if (!multi_) throw std::runtime_error("curl_multi_init failed");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections_per_host);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
}

CurlMulti::~CurlMulti() { close(); }

/// Knows nothing of the client, which may be destroyed meanwhile.
asio::awaitable<void> CurlMulti::run(std::shared_ptr<CurlTransfer> transfer) {
    const auto self = shared_from_this();
    const auto running = std::make_shared<Running>(executor_, std::move(transfer));
    begin(running);
    error_code ignored;
    if (!running->finished) co_await running->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!running->finished) finish(*running, nullptr, "canceled");
}

void CurlMulti::begin(const std::shared_ptr<Running>& running) {
    if (!multi_) {
        running->transfer->give_up("the client is closed");
        running->finished = true;
        return;
    }
    CURL* easy = running->transfer->easy();
    running_.emplace(easy, running);
    const CURLMcode added = curl_multi_add_handle(multi_, easy); // asks for a turn; the work begins there
    if (added != CURLM_OK) finish(*running, nullptr, curl_multi_strerror(added));
}

void CurlMulti::close() {
    if (!multi_) return;
    while (!running_.empty()) {
        const auto running = running_.begin()->second;
        finish(*running, nullptr, "the client was closed");
    }
    curl_multi_cleanup(multi_); // still calls on_socket for its idle connections
    multi_ = nullptr;
    timer_.cancel();
    watches_.clear();
}

EasyHandle CurlMulti::fresh_easy() {
    if (spare_.empty()) {
        EasyHandle easy(curl_easy_init());
        if (!easy) throw std::runtime_error("curl_easy_init failed");
        return easy;
    }
    EasyHandle easy = std::move(spare_.back());
    spare_.pop_back();
    return easy;
}

/// With curl's verdict, or else with our own reason to give it up.
void CurlMulti::finish(Running& running, const CURLcode* verdict, const char* why) {
    CURL* easy = running.transfer->easy();
    if (verdict)
        running.transfer->conclude(*verdict);
    else
        running.transfer->give_up(why);
    curl_multi_remove_handle(multi_, easy);
    running.finished = true;
    running.done.cancel();
    EasyHandle spare = running.transfer->take_easy();
    if (spare_.size() < spare_handles) {
        curl_easy_reset(easy);
        spare_.push_back(std::move(spare));
    }
    running_.erase(easy); // last: it may be what keeps `running` alive
}

int CurlMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    static_cast<CurlMulti*>(self)->watch(socket, what);
    return 0;
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<CurlMulti*>(self)->arm(milliseconds);
    return 0;
}

void CurlMulti::watch(curl_socket_t socket, int what) {
    if (what == CURL_POLL_REMOVE) {
        watches_.erase(socket);
        return;
    }
    auto& watch = watches_[socket];
    if (!watch) watch = std::make_shared<Watch>(executor_, socket);
    watch->wanted = what;
    wait(socket, watch);
}

void CurlMulti::wait(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
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

void CurlMulti::ready(const std::weak_ptr<CurlMulti>& weak_self, const std::weak_ptr<Watch>& weak_watch, curl_socket_t socket,
                      int what, const error_code& error) {
    const auto self = weak_self.lock();
    if (!self || !self->multi_ || error == asio::error::operation_aborted) return;
    const int wanted_bit = what == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
    if (const auto watch = weak_watch.lock(); !watch || !(watch->wanted & wanted_bit)) return; // curl lost interest meanwhile
    self->act(socket, error ? CURL_CSELECT_ERR : what);
    if (const auto watch = weak_watch.lock()) self->wait(socket, watch);
}

void CurlMulti::arm(long milliseconds) {
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
void CurlMulti::act_soon() {
    if (std::exchange(soon_, true)) return;
    asio::post(executor_, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self || !self->multi_) return;
        self->soon_ = false;
        self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlMulti::act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, what, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode verdict = message->data.result; // the message is gone once its handle is removed
        const auto found = running_.find(message->easy_handle);
        if (found == running_.end()) continue;
        const auto ended = found->second;
        finish(*ended, &verdict, nullptr);
    }
}

bool is_loopback(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    const auto host =
        authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1) : authority.substr(0, authority.find(':'));
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

} // namespace appointd::net
