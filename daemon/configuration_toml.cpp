#include "daemon/configuration_reader.hpp"

namespace appointd::daemon {

std::string Problems::text() const {
    std::string all;
    for (const std::string& line : lines_) all += (all.empty() ? "" : "\n") + line;
    return all;
}

Result<toml::table> parse_toml(std::string_view text, std::string_view file) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        return Error{"config_invalid", std::string(file) + ":" + std::to_string(error.source().begin.line) + ": " +
                                           std::string(error.description())};
    }
}

std::optional<std::string> as_setting_text(const toml::node& node, Kind kind, std::string_view path, Problems& problems) {
    const auto number_to_text = [](auto value) {
        std::ostringstream text;
        text.precision(17);
        text << value;
        return text.str();
    };
    switch (kind) {
    case Kind::integer:
        if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
        break;
    case Kind::number:
        if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
        if (const auto value = node.value_exact<double>()) return number_to_text(*value);
        break;
    case Kind::boolean:
        if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
        break;
    case Kind::bytes:
        if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
        if (const auto value = node.value_exact<std::string>()) return *value;
        break;
    case Kind::secrets:
        if (const toml::array* list = node.as_array()) {
            std::string joined;
            for (const toml::node& item : *list) {
                const auto value = item.value_exact<std::string>();
                if (!value) break;
                joined += (joined.empty() ? "" : ",") + *value;
            }
            if (list->empty() || list->is_homogeneous(toml::node_type::string)) return joined;
            break;
        }
        [[fallthrough]];
    default:
        if (const auto value = node.value_exact<std::string>()) return *value;
    }
    problems.add(path, "expected " + std::string(expectation(kind)));
    return std::nullopt;
}

} // namespace appointd::daemon
