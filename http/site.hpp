#pragma once

#include "http/dependencies.hpp"
#include "net/http_server.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace appointd::http {

/// Both listeners' answers (docs/http-api.md). Lives longer than the servers that it answers for.
/// Everything runs on `executor`, questions to the database on threads of its own, which the destructor joins.
class Site {
public:
    Site(boost::asio::any_io_executor executor, Dependencies dependencies);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    net::Handler public_handler();
    net::Handler admin_handler();
    /// What the servers refuse by themselves (413 and the like) is counted and logged too.
    net::Refused public_refused();
    net::Refused admin_refused();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace appointd::http
