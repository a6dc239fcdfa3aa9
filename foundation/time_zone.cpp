#include "foundation/time_zone.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace appointd {

struct Zone {
    struct Kind {
        std::int64_t offset = 0; // seconds east of UTC
        std::string abbreviation;
    };
    std::vector<std::int64_t> transitions; // seconds since 1970
    std::vector<std::size_t> kind_after;   // of the transition with the same place
    std::vector<Kind> kinds;
    bool goes_on = false; // the last kind holds for ever: the file's footer has no rule of its own
};

namespace {

constexpr std::size_t max_zones = 700; // more than there are names
constexpr std::size_t header_size = 44;

/// Names come from outside: only what zones are called, and no way out of the folder.
bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string_view::npos) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
               c == '+';
    });
}

/// Big-endian numbers of a text; reading past the end makes it bad and answers zero.
class Bytes {
public:
    explicit Bytes(std::string_view text) : text_(text) {}
    std::int64_t number(std::size_t width) {
        const auto bytes = take(width);
        if (bytes.size() != width) return 0;
        std::uint64_t value = (static_cast<unsigned char>(bytes[0]) & 0x80) ? ~std::uint64_t{0} : 0;
        for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
        return static_cast<std::int64_t>(value);
    }
    std::size_t count(std::size_t width) {
        const auto value = number(width);
        return width == 1 ? static_cast<std::size_t>(value & 0xff)
                          : static_cast<std::size_t>(std::clamp<std::int64_t>(value, 0, 100'000));
    }
    std::string_view take(std::size_t length) {
        if (text_.size() < length) {
            good_ = false;
            return {};
        }
        const auto taken = text_.substr(0, length);
        text_.remove_prefix(length);
        return taken;
    }
    std::string_view rest() const { return text_; }
    bool good() const { return good_; }

private:
    std::string_view text_;
    bool good_ = true;
};

struct Counts {
    std::size_t is_utc, is_std, leap, transitions, kinds, characters;
};

std::optional<Counts> read_header(Bytes& bytes) {
    const auto header = bytes.take(header_size);
    if (header.size() != header_size || !header.starts_with("TZif") || header[4] < '2') return std::nullopt;
    Bytes numbers(header.substr(20));
    Counts counts{};
    counts.is_utc = numbers.count(4);
    counts.is_std = numbers.count(4);
    counts.leap = numbers.count(4);
    counts.transitions = numbers.count(4);
    counts.kinds = numbers.count(4);
    counts.characters = numbers.count(4);
    return counts;
}

/// Null for anything but a TZif file of version 2 or later.
std::shared_ptr<const Zone> read_zone(std::string_view text) {
    Bytes bytes(text);
    const auto old = read_header(bytes); // the 32-bit block: skipped
    if (!old) return nullptr;
    bytes.take(old->transitions * 5 + old->kinds * 6 + old->characters + old->leap * 8 + old->is_std + old->is_utc);
    const auto counts = read_header(bytes);
    if (!counts) return nullptr;
    auto zone = std::make_shared<Zone>();
    for (std::size_t i = 0; i < counts->transitions; ++i) zone->transitions.push_back(bytes.number(8));
    for (std::size_t i = 0; i < counts->transitions; ++i) zone->kind_after.push_back(bytes.count(1));
    std::vector<std::size_t> name_at;
    for (std::size_t i = 0; i < counts->kinds; ++i) {
        zone->kinds.push_back({bytes.number(4), {}});
        bytes.take(1); // whether it is summer time
        name_at.push_back(bytes.count(1));
    }
    const auto characters = bytes.take(counts->characters);
    bytes.take(counts->leap * 12 + counts->is_std + counts->is_utc);
    const bool known =
        std::all_of(zone->kind_after.begin(), zone->kind_after.end(), [&](std::size_t kind) { return kind < counts->kinds; });
    if (!bytes.good() || zone->kinds.empty() || !known) return nullptr;
    for (std::size_t i = 0; i < name_at.size(); ++i)
        if (name_at[i] < characters.size()) {
            const auto abbreviation = characters.substr(name_at[i]);
            zone->kinds[i].abbreviation = abbreviation.substr(0, abbreviation.find('\0'));
        }
    zone->goes_on = bytes.rest().find(',') == std::string_view::npos;
    return zone;
}

std::shared_ptr<const Zone> read_file(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return nullptr; // "Europe" is a folder
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return read_zone(text);
}

} // namespace

std::optional<LocalTime> TimeZones::local(Time time, std::string_view name) {
    auto found = zones_.find(name);
    if (found == zones_.end()) {
        if (!is_zone_name(name) || zones_.size() >= max_zones) return std::nullopt;
        found = zones_.emplace(std::string(name), read_file(folder_ + "/" + std::string(name))).first;
    }
    if (!found->second) return std::nullopt;
    const Zone& zone = *found->second;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const auto next = std::upper_bound(zone.transitions.begin(), zone.transitions.end(), seconds);
    if (next == zone.transitions.end() && !zone.goes_on) return std::nullopt;
    const auto place = static_cast<std::size_t>(next - zone.transitions.begin());
    const Zone::Kind& kind = zone.kinds[place == 0 ? 0 : zone.kind_after[place - 1]];
    return LocalTime{std::chrono::local_time<Duration>(time.time_since_epoch() + std::chrono::seconds(kind.offset)),
                     kind.abbreviation};
}

} // namespace appointd
