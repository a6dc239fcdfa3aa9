#pragma once

#include "tests/support/engine/memory_store.hpp"

namespace appointd::engine::testing {

std::unique_ptr<Store> make_session(MemoryStore& store);
std::unique_ptr<Reader> make_reader(MemoryStore& store);

} // namespace appointd::engine::testing
