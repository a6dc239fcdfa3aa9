#include "net/reserved_port.hpp"
#include "tests/support/loopback.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

namespace appointd::net {
namespace {

using boost::asio::ip::tcp;
using testing_support::Loop;

tcp::endpoint loopback(unsigned short port) { return {boost::asio::ip::make_address("127.0.0.1"), port}; }

TEST(ReservedPort, AServerListensOnItAgainAndAgain) {
    const ReservedPort port;
    for (int life = 0; life < 3; ++life) {
        boost::asio::io_context context;
        tcp::acceptor server(context, loopback(port.number()));
        tcp::socket client(context);
        client.connect(server.local_endpoint());
        EXPECT_EQ(server.accept().local_endpoint().port(), port.number());
    }
}

TEST(ReservedPort, RefusesConnectionsWhileNobodyListens) {
    const ReservedPort port;
    boost::asio::io_context context;
    tcp::socket client(context);
    boost::system::error_code error;
    client.connect(loopback(port.number()), error);
    EXPECT_EQ(error, boost::asio::error::connection_refused);
}

TEST(ReservedPort, WhoDoesNotShareCannotHaveIt) {
    const ReservedPort port;
    boost::asio::io_context context;
    tcp::acceptor other(context, tcp::v4());
    boost::system::error_code error;
    other.bind(loopback(port.number()), error); // without SO_REUSEADDR, as a connection's near end is
    EXPECT_EQ(error, boost::asio::error::address_in_use);
}

} // namespace
} // namespace appointd::net
