#include "persistence/open.hpp"

#include "persistence/sql_reader.hpp"
#include "persistence/sql_store.hpp"

#include <algorithm>
#include <utility>

namespace appointd::persistence {

namespace {

class SqlStores final : public engine::Stores {
public:
    SqlStores(DatabaseUrl url, const StoreOptions& options)
        : url_(std::move(url)), session_{.read_only = false,
                                         .lock_timeout = options.lock_timeout,
                                         .statement_timeout = options.statement_timeout},
          lanes_(url_.dialect == Dialect::sqlite ? 1 : std::max(options.lanes, 1)),
          turn_(url_.dialect == Dialect::sqlite ? std::make_shared<WriteTurn>() : nullptr) {}

    Result<std::unique_ptr<engine::Store>> open() override {
        return std::unique_ptr<engine::Store>(std::make_unique<SqlStore>(url_, session_, turn_));
    }
    int lanes() const override { return lanes_; }

private:
    DatabaseUrl url_;
    SessionOptions session_;
    int lanes_;
    std::shared_ptr<WriteTurn> turn_;
};

class SqlReaders final : public engine::Readers {
public:
    SqlReaders(DatabaseUrl url, const StoreOptions& options)
        : url_(std::move(url)), session_{.read_only = true,
                                         .lock_timeout = options.lock_timeout,
                                         .statement_timeout = options.statement_timeout} {}

    Result<std::unique_ptr<engine::Reader>> open() override {
        return std::unique_ptr<engine::Reader>(std::make_unique<SqlReader>(url_, session_));
    }

private:
    DatabaseUrl url_;
    SessionOptions session_;
};

} // namespace

Result<Database> open_stores(std::string_view url, const StoreOptions& options) {
    auto parsed = parse_database_url(url);
    if (!parsed) return std::move(parsed).error();
    Database database{.stores = std::make_unique<SqlStores>(*parsed, options),
                      .readers = std::make_unique<SqlReaders>(*parsed, options)};
    auto reader = database.readers->open();
    if (!reader) return std::move(reader).error();
    if (auto answer = (*reader)->ping(); !answer) return std::move(answer).error();
    return database;
}

} // namespace appointd::persistence
