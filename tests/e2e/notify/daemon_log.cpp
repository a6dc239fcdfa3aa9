#include "tests/e2e/notify/daemon_log.hpp"

#include <fstream>
#include <sstream>

namespace appointd::e2e {

std::string log_of(const Stage& stage) {
    std::ifstream file(stage.directory() / "daemon.log");
    return (std::ostringstream() << file.rdbuf()).str();
}

std::vector<json::object> failures_told(const Stage& stage) {
    std::vector<json::object> found;
    std::istringstream all(log_of(stage));
    for (std::string line; std::getline(all, line);) {
        auto fields = parse_object(line);
        if (fields && fields->contains("activity") && text_field(*fields, "outcome") != "succeeded")
            found.push_back(*std::move(fields));
    }
    return found;
}

} // namespace appointd::e2e
