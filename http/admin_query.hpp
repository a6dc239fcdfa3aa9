#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/reader.hpp"
#include "http/services.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::http {

/// Reads the fields of a query one by one and gathers what is wrong with them. A field that nobody reads is a fault too: a
/// misspelt filter must not answer everything.
class QueryReader {
public:
    explicit QueryReader(const net::Request& request);

    std::string text(std::string_view name);
    std::optional<bool> truth(std::string_view name);
    std::optional<Time> time(std::string_view name);
    /// The same for the end of a range: a day stands for its own end.
    std::optional<Time> end(std::string_view name);
    int number(std::string_view name, int least, int most, int absent);
    void fault(std::string_view name, std::string_view message);

    /// 400 invalid_request where anything was wrong. Call it after the last field was read.
    std::optional<net::Response> refusal();

private:
    std::optional<std::string> take(std::string_view name);
    std::optional<Time> instant(std::string_view name, Duration after_day);
    Fields left_;
    json::array faults_;
};

/// The filters of GET /admin/v1/workflows; `definitions` say which states and kinds there are, `reasons` which attention.
engine::WorkflowFilter read_filter(QueryReader& query, const engine::Definitions& definitions,
                                   const std::vector<std::string>& reasons);

} // namespace appointd::http
