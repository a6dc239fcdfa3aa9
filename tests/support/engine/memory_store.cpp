#include "tests/support/engine/memory_store.hpp"

#include "tests/support/engine/memory_session.hpp"

namespace appointd::engine::testing {

Result<std::unique_ptr<Store>> MemoryStore::open() { return make_session(*this); }

Result<std::unique_ptr<Reader>> MemoryStore::MemoryReaders::open() { return make_reader(store); }

} // namespace appointd::engine::testing
