#pragma once

#include "engine/core/definition.hpp"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::engine {

/// Which definition versions the live nodes know, by their heartbeats: a new workflow starts on a version only when all of them
/// do, so that a node of the release before can go on with it. Safe from any thread.
class Fleet {
public:
    explicit Fleet(const Definitions& definitions);

    /// What this node knows, as its heartbeat says: "booking/1 reconciliation/1".
    const std::string& own_versions() const { return own_; }
    /// The versions of each live node, this one included.
    void set(const std::vector<std::string>& versions);
    /// The newest version that all live nodes know; before the first heartbeat, or where they have none in common, the oldest
    /// that this node knows. nullptr for a kind that it does not know at all.
    const Definition* to_start(std::string_view kind) const;

private:
    /// Works out, once for each change of the nodes, what every new workflow asks for.
    void choose(const std::set<std::string>& common);

    const Definitions& definitions_;
    std::string own_;
    mutable std::mutex mutex_;
    std::map<std::string, const Definition*, std::less<>> to_start_; ///< by kind
};

} // namespace appointd::engine
