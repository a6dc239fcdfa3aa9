#pragma once

#include <filesystem>
#include <string_view>

namespace appointd::test {

/// A directory of its own under the system's temporary one; gone with the object.
class TemporaryDirectory {
public:
    explicit TemporaryDirectory(std::string_view name);
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace appointd::test
