#pragma once

namespace appointd::net {

/// While one lives, looking up any name under "hangs.example.org" takes until `release`: the program's own getaddrinfo stands
/// before the C library's, for curl too. One at a time.
class HangingResolver {
public:
    HangingResolver();
    ~HangingResolver();
    HangingResolver(const HangingResolver&) = delete;
    HangingResolver& operator=(const HangingResolver&) = delete;

    /// Waits until somebody asks for such a name; false after ten seconds.
    bool was_asked();
    /// Those who ask are told that there is no such name. Idempotent.
    void release();
};

} // namespace appointd::net
