#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace appointd::sandbox {

/// Seeded chance: identifiers, passwords and the roll of a fault. The same seed and the same calls give the same answers.
class Identifiers {
public:
    explicit Identifiers(std::uint64_t seed) : engine_(seed) {}

    /// Letters and digits.
    std::string token(std::size_t length);
    /// Lower-case, dashed, version 4.
    std::string uuid();
    /// 22 base64 characters and "==": now and then with '/' in front or inside, as Zoom's.
    std::string base64_id();
    std::int64_t number(std::int64_t least, std::int64_t greatest);
    /// True with that probability, 0 to 1.
    bool chance(double probability);

private:
    std::string pick(std::string_view alphabet, std::size_t length);
    std::mt19937_64 engine_;
};

} // namespace appointd::sandbox
