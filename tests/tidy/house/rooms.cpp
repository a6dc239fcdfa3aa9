#include "tests/tidy/house/rooms.hpp"

namespace appointd::tidy {

namespace {

// clang-format off
const std::vector<Room> table = {
    {"foundation",     {},                                                                        {"openssl/", "spdlog/"}},
    {"net",            {"foundation"},                                                            {"boost/asio", "boost/beast", "curl/"}},
    {"engine/core",    {"foundation"},                                                            {}},
    {"engine/ports",   {"foundation", "engine/core"},                                             {}},
    {"engine/runtime", {"foundation", "engine/core", "engine/ports"},                             {"boost/asio"}},
    {"workflows",      {"foundation", "engine/core"},                                             {}},
    {"adapters",       {"foundation", "net", "engine", "workflows"},                              {"boost/asio"}},
    {"persistence",    {"foundation", "engine"},                                                  {"soci/", "libpq-fe.h", "sqlite3.h"}},
    {"metrics",        {"foundation", "engine"},                                                  {"prometheus/"}},
    {"http",           {"foundation", "net", "engine", "workflows"},                              {"boost/asio"}},
    {"sandbox",        {"foundation", "net"},                                                     {"boost/asio"}},
    {"daemon",         {"foundation", "net", "engine", "workflows", "adapters", "persistence", "metrics", "http", "sandbox"},
                                                                                                  {"boost/asio", "toml++/", "CLI/"}},
};
// clang-format on

constexpr std::string_view guarded[] = {"boost/asio", "boost/beast", "curl/",       "soci/",   "libpq-fe.h", "sqlite3.h",
                                        "openssl/",   "spdlog/",     "prometheus/", "toml++/", "CLI/"};

} // namespace

std::span<const Room> rooms() { return table; }

const Room* room_of(std::string_view path) {
    const Room* best = nullptr;
    for (const Room& room : table) {
        const bool inside = path.starts_with(room.folder) && path.size() > room.folder.size() && path[room.folder.size()] == '/';
        if (inside && (best == nullptr || room.folder.size() > best->folder.size())) best = &room;
    }
    return best;
}

std::span<const std::string_view> guarded_libraries() { return guarded; }

} // namespace appointd::tidy
