#include "daemon/report_command.hpp"

#include "daemon/admin_client.hpp"
#include "daemon/report_text.hpp"

#include <boost/json/serialize.hpp>

#include <ostream>

namespace appointd::daemon {

int run_report(const ReportCommand& command, const Environment& environment, std::ostream& out, std::ostream& err) {
    const auto client = AdminClient::open(command, environment);
    if (!client) {
        err << "appointd: " << client.error().message << "\n";
        return 2;
    }
    MoneyPages pages;
    for (std::string cursor;;) {
        std::string path = "/admin/v1/reports/money";
        add_query(path, "from", command.from);
        add_query(path, "to", command.to);
        add_query(path, "cursor", cursor);
        const auto page = client->data_of(client->call(admin_get(std::move(path))), err);
        if (!page) return 1;
        pages.add(*page);
        cursor = text_field(*page, "next_cursor").value_or("");
        if (cursor.empty()) break;
    }
    const json::object report = pages.report();
    if (command.json)
        out << json::serialize(report) << "\n";
    else
        out << (command.csv ? money_csv(report) : money_text_report(report));
    if (bool_field(report, "adds_up").value_or(false)) return 0;
    err << "appointd: the report does not add up: " << report.at("problems").as_array().size() << " problem(s), see --json\n";
    return 1;
}

} // namespace appointd::daemon
