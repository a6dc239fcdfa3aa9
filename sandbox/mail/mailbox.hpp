#pragma once

#include "foundation/time.hpp"
#include "sandbox/mail/reading.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::sandbox::mail {

/// Every e-mail that anybody got, newest last; the oldest go when there are too many. Safe from any thread.
class Mailbox {
public:
    void put(std::string from, std::vector<std::string> to, std::string message, Time at);

    /// What is about this booking (all where empty), to this address (all where empty).
    boost::json::array list(std::string_view booking, std::string_view address) const;
    /// HTML: the list, or one e-mail by its number.
    std::string page() const;
    std::string page(std::size_t number) const;

private:
    struct Item {
        std::size_t number = 0;
        Time at{};
        std::string from;
        std::vector<std::string> to;
        Letter letter;
        std::string booking; ///< of its Message-ID, which names the activity
    };
    boost::json::object json_of(const Item& item) const;

    mutable std::mutex mutex_;
    std::deque<Item> items_;
    std::size_t last_ = 0;
};

} // namespace appointd::sandbox::mail
