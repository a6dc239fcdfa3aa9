#include "net/loopback.hpp"

#include <gtest/gtest.h>

namespace appointd::net {

TEST(Loopback, ThisMachineThenByAllItsNames) {
    for (const auto* url :
         {"http://localhost", "http://localhost:80/x", "smtp://127.0.0.1:25", "http://127.8.9.10?x", "http://[::1]:8080/"})
        EXPECT_TRUE(is_loopback_url(url)) << url;
}

TEST(Loopback, ANameThatOnlyLooksLikeItThenAnotherMachine) {
    for (const auto* url :
         {"smtp://127.example.org:587", "smtp://localhost.example.org:587", "smtp://localhost:587@example.org:587",
          "smtp://127.0.0.1@example.org", "http://127.0.0.1.example.org", "http://10.0.0.1", "localhost:80", ""})
        EXPECT_FALSE(is_loopback_url(url)) << url;
}

} // namespace appointd::net
