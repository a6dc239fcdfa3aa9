#include "tests/support/cluster/temporary_directory.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

#include <stdlib.h>

namespace appointd::test {

TemporaryDirectory::TemporaryDirectory(std::string_view name) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / (std::string("appointd-") + std::string(name) + "-XXXXXX")).string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory " + pattern);
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace appointd::test
