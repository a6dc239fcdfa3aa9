#include "daemon/kinds.hpp"

#include "workflows/booking/definition.hpp"
#include "workflows/reconciliation/definition.hpp"

namespace appointd::daemon {

engine::Definitions definitions() {
    std::vector<engine::Definition> all;
    all.push_back(booking::definition());
    all.push_back(reconciliation::definition());
    return engine::Definitions(std::move(all));
}

} // namespace appointd::daemon
