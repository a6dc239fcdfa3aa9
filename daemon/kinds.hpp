#pragma once

#include "daemon/auditor.hpp"
#include "engine/core/definition.hpp"
#include "http/dependencies.hpp"

#include <map>
#include <string>
#include <vector>

/// The kinds of workflow that this binary carries: the one place that names them all.
namespace appointd::daemon {

engine::Definitions definitions();
/// What they tell people, by kind.
std::map<std::string, http::Insight, std::less<>> insights();
/// What they promise of every stored row, by kind.
std::map<std::string, Audit, std::less<>> audits();
/// Names of those promises, and of the replay's; a metric's label.
std::vector<std::string> invariant_names();
std::vector<std::string> attention_reasons();

} // namespace appointd::daemon
