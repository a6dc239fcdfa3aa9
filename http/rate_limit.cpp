#include "http/rate_limit.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cmath>

namespace appointd::http {
namespace {

/// One customer of IPv6 holds a whole /64: they share a bucket.
std::string bucket_of(std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text, error);
    if (error || !address.is_v6() || address.to_v6().is_v4_mapped()) return std::string(text);
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string();
}

} // namespace

bool is_loopback(std::string_view text) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text, error);
    if (error) return false;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

RateLimit::RateLimit(int per_minute, std::size_t max_addresses)
    : per_second_(per_minute / 60.0), burst_(per_minute), max_addresses_(max_addresses) {}

double RateLimit::refilled(const Bucket& bucket, Instant now) const {
    return std::min(burst_, bucket.tokens + std::chrono::duration<double>(now - bucket.at).count() * per_second_);
}

void RateLimit::forget_full(Instant now) {
    std::erase_if(buckets_, [&](const auto& entry) { return refilled(entry.second, now) >= burst_; });
}

std::chrono::seconds RateLimit::take(std::string_view address, Instant now) {
    if (burst_ <= 0 || is_loopback(address)) return std::chrono::seconds(0);
    std::string name = bucket_of(address);
    auto found = buckets_.find(name);
    if (found == buckets_.end()) {
        if (buckets_.size() >= max_addresses_) forget_full(now);
        if (buckets_.size() >= max_addresses_) name = "everybody else";
        found = buckets_.try_emplace(std::move(name), Bucket{burst_, now}).first;
    }
    Bucket& bucket = found->second;
    bucket.tokens = refilled(bucket, now);
    bucket.at = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::chrono::seconds(0);
    }
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / per_second_)));
}

} // namespace appointd::http
