#include "tests/unit/net/hanging_resolver.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>

#include <dlfcn.h>
#include <netdb.h>

namespace {

std::mutex mutex;
std::condition_variable changed;
bool hangs = false;
int waiting = 0;

} // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
    using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (!name || !std::string_view(name).ends_with("hangs.example.org")) return real(name, service, hints, found);
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    changed.wait(lock, [] { return !hangs; });
    --waiting;
    changed.notify_all();
    return EAI_NONAME;
}

namespace appointd::net {

HangingResolver::HangingResolver() {
    const std::lock_guard lock(mutex);
    hangs = true;
}

HangingResolver::~HangingResolver() {
    release();
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return waiting == 0; });
}

bool HangingResolver::was_asked() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), [] { return waiting > 0; });
}

void HangingResolver::release() {
    const std::lock_guard lock(mutex);
    hangs = false;
    changed.notify_all();
}

} // namespace appointd::net
