#include "daemon/command_line.hpp"
#include "daemon/configuration_table.hpp"
#include "daemon/demo.hpp"
#include "daemon/kinds.hpp"
#include "daemon/reconcile_command.hpp"
#include "daemon/report_command.hpp"
#include "daemon/serve.hpp"
#include "daemon/version.hpp"
#include "daemon/workflows_command.hpp"
#include "persistence/migrate.hpp"
#include "sandbox/run.hpp"

#include <boost/json/serialize.hpp>

#include <iostream>

namespace appointd::daemon {

namespace {

int failed(const Error& error) {
    std::cerr << "appointd: " << error.code << ": " << error.message << "\n";
    return error.code == "config_invalid" ? 2 : 1;
}

json::array rows_of(const engine::Definition& definition) {
    json::array rows;
    for (const engine::RowText& row : definition.rows) {
        json::array actions;
        for (const std::string& action : row.actions) actions.emplace_back(action);
        json::object entry;
        entry["from"] = row.from;
        entry["event"] = row.event;
        entry["guard"] = row.guard;
        entry["outcome"] = row.outcome;
        entry["to"] = row.to;
        entry["reason"] = row.reason;
        entry["actions"] = std::move(actions);
        rows.push_back(std::move(entry));
    }
    return rows;
}

struct Run {
    const Environment& environment;

    int operator()(const ServeCommand& command) const {
        auto configuration = load_configuration(command.config, environment);
        return configuration ? serve(std::move(*configuration)) : failed(configuration.error());
    }
    int operator()(const DemoCommand& command) const { return demo::run_demo(command); }
    int operator()(const SandboxCommand& command) const {
        sandbox::Options options;
        options.listen = {command.listen};
        options.webhook_base = command.webhook_base;
        options.validate_zoom_endpoint = true;
        return sandbox::run(std::move(options));
    }
    int operator()(const MigrateCommand& command) const {
        const auto configuration = load_configuration(command.config, environment);
        if (!configuration) return failed(configuration.error());
        const auto report = persistence::migrate(configuration->database.url.reveal());
        if (!report) return failed(report.error());
        if (command.json) {
            json::object text;
            text["before"] = report->before;
            text["after"] = report->after;
            json::array& applied = text["applied"].emplace_array();
            for (const std::string& name : report->applied) applied.emplace_back(name);
            std::cout << json::serialize(text) << "\n";
            return 0;
        }
        for (const std::string& name : report->applied) std::cout << "applied " << name << "\n";
        std::cout << "schema " << report->after << (report->applied.empty() ? ": nothing to do\n" : "\n");
        return 0;
    }
    int operator()(const CheckConfigCommand& command) const {
        const auto configuration = load_configuration(command.config, environment);
        if (!configuration) return failed(configuration.error());
        if (command.json)
            std::cout << json::serialize(describe_json(*configuration)) << "\n";
        else
            std::cout << describe(*configuration);
        return 0;
    }
    int operator()(const DiagramCommand& command) const {
        const engine::Definitions all = definitions();
        const engine::Definition* definition = all.newest(command.kind);
        if (!definition)
            return failed({"not_found", "no definition of kind " + command.kind + "; there are: booking, reconciliation"});
        if (command.json)
            std::cout << json::serialize(rows_of(*definition)) << "\n";
        else
            std::cout << engine::to_mermaid(*definition);
        return 0;
    }
    int operator()(const VersionCommand& command) const {
        if (command.json)
            std::cout << R"({"version":")" << version << R"("})"
                      << "\n";
        else
            std::cout << "appointd " << version << "\n";
        return 0;
    }
    int operator()(const ReconcileCommand& command) const { return run_reconcile(command, environment, std::cout, std::cerr); }
    int operator()(const WorkflowsCommand& command) const { return run_workflows(command, environment, std::cout, std::cerr); }
    int operator()(const ReportCommand& command) const { return run_report(command, environment, std::cout, std::cerr); }
};

int run(const std::vector<std::string>& arguments) {
    const Environment environment = process_environment();
    const auto parsed = parse_command_line(arguments, environment);
    if (const auto* exit = std::get_if<Exit>(&parsed)) {
        (exit->code == 0 ? std::cout : std::cerr) << exit->text;
        return exit->code;
    }
    return std::visit(Run{environment}, std::get<Command>(parsed));
}

} // namespace

} // namespace appointd::daemon

int main(int argc, char** argv) {
    try {
        return appointd::daemon::run(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        std::cerr << "appointd: " << error.what() << "\n";
        return 1;
    }
}
