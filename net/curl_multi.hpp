#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace appointd::net {

struct CurlDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

/// One transfer: its easy handle, set up, and what becomes of it. Stays where it is: curl keeps pointers into it.
class CurlTransfer {
public:
    virtual ~CurlTransfer() = default;
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    CURL* easy() const { return easy_.get(); }
    EasyHandle take_easy() { return std::move(easy_); }

    /// What curl's verdict comes to. Called once, before the handle is reset; or else give_up is.
    virtual void conclude(CURLcode verdict) = 0;
    /// For a transfer that is given up by us.
    virtual void give_up(std::string why) = 0;

protected:
    /// `fresh`: new or reset.
    explicit CurlTransfer(EasyHandle fresh) : easy_(std::move(fresh)) {}

private:
    EasyHandle easy_;
};

/// One libcurl multi handle under Asio, and the sockets that it asked us to watch: any number of transfers on one thread.
class CurlMulti : public std::enable_shared_from_this<CurlMulti> {
public:
    /// At most so many connections to one host; transfers beyond it wait.
    CurlMulti(boost::asio::any_io_executor executor, long connections_per_host);
    ~CurlMulti();
    CurlMulti(const CurlMulti&) = delete;
    CurlMulti& operator=(const CurlMulti&) = delete;

    /// Throws std::runtime_error where curl has no memory.
    EasyHandle fresh_easy();
    /// Runs the transfer to its end: afterwards it has concluded or was given up. One that nobody awaits any more is given up.
    boost::asio::awaitable<void> run(std::shared_ptr<CurlTransfer> transfer);
    /// Gives up what is under way.
    void close();

private:
    struct Running;
    struct Watch;
    void begin(const std::shared_ptr<Running>& running);
    void finish(Running& running, const CURLcode* verdict, const char* why);
    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* unused);
    static int on_timer(CURLM* multi, long milliseconds, void* self);
    void watch(curl_socket_t socket, int what);
    void wait(curl_socket_t socket, const std::shared_ptr<Watch>& watch);
    static void ready(const std::weak_ptr<CurlMulti>& weak_self, const std::weak_ptr<Watch>& weak_watch, curl_socket_t socket,
                      int what, const boost::system::error_code& error);
    void arm(long milliseconds);
    void act_soon();
    void act(curl_socket_t socket, int what);

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    bool soon_ = false; ///< a turn of act_soon is on its way
    CURLM* multi_;
    std::vector<EasyHandle> spare_;
    std::unordered_map<CURL*, std::shared_ptr<Running>> running_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

/// Proxies of the environment are for the way out, never for this machine itself.
bool is_loopback(std::string_view url);

} // namespace appointd::net
