#include "tests/e2e/daemon/rules.hpp"

#include "daemon/demo_books.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace appointd::e2e {

namespace {

demo::Town calm() {
    demo::Town town;
    town.misfortune = false;
    return town;
}

} // namespace

Rules::Rules(demo::Pace pace, demo::Setup more) : stage(std::string(GetParam()), std::move(pace), calm(), std::move(more)) {}

void Rules::SetUp() {
    add_event_types(stage.sandbox());
    stage.daemon().start();
}

void Rules::fault(sandbox::FaultKind kind, sandbox::Provider provider, std::string route, std::optional<int> count) {
    sandbox::Fault one;
    one.kind = kind;
    one.provider = provider;
    one.route = std::move(route);
    one.count = count;
    stage.sandbox().faults().add(one);
}

void Rules::delay(sandbox::Provider provider, std::string type, std::chrono::milliseconds by, int count) {
    sandbox::Fault one;
    one.kind = sandbox::FaultKind::delay;
    one.provider = provider;
    one.route = std::move(type);
    one.delay = by;
    one.count = count;
    stage.sandbox().faults().add(one);
}

void Rules::deliver(std::string_view order) {
    stage.sandbox().control("POST", "/webhooks/flush", {{"order", order}});
    stage.sandbox().webhooks().resume();
}

std::string Rules::found_by(const std::string& text) {
    std::string id;
    EXPECT_TRUE(stage.eventually([&] {
        const auto data = demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows?q=" + percent_encode(text)));
        const json::array* items = data ? array_field(*data, "items") : nullptr;
        if (items && items->size() == 1) id = text_field(items->front().as_object(), "id").value_or("");
        return !id.empty();
    })) << text;
    return id;
}

std::size_t Rules::count_of_workflows() {
    const auto data = demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows?kind=booking&limit=200"));
    return array_field(data.value(), "items")->size();
}

std::size_t Rules::dead_letters() { return stage.loop().await(demo::count_dead_letters(stage.web(), stage.places())); }

std::size_t Rules::ignored_in_the_inbox(const std::string& reason) {
    const std::string query =
        "select count(*) from event where workflow_id is null and disposition = 'ignored' and reason = '" + reason + "'";
    if (stage.store().starts_with("postgresql")) return std::stoul(test::PostgresCluster::execute(stage.store(), query));
    int count = 0;
    soci::session session(soci::sqlite3, stage.store().substr(std::string_view("sqlite:///").size()));
    session << query, soci::into(count);
    return static_cast<std::size_t>(count);
}

double Rules::metric(const std::string& name) {
    const std::string text = "\n" + stage.metrics();
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size() + 2));
}

} // namespace appointd::e2e
