#include "daemon/command_line.hpp"

#include "daemon/command_line_workflows.hpp"
#include "daemon/configuration_table.hpp"

#include <CLI/CLI.hpp>

namespace appointd::daemon {

namespace {

constexpr const char* config_help = "TOML file (default: APPOINTD_CONFIG, else defaults and environment alone)";

std::string user_name(const Environment& environment) {
    for (const auto* name : {"USER", "LOGNAME"}) {
        if (const auto found = environment.find(name); found != environment.end() && !found->second.empty()) return found->second;
    }
    return "operator";
}

/// All commands side by side; after parsing, the one that was named is taken out.
class CommandLine {
public:
    explicit CommandLine(const Environment& environment) {
        reconcile_.person.actor = user_name(environment);
        app_.require_subcommand(1);
        app_.failure_message(CLI::FailureMessage::simple);
        add_serve();
        add_demo();
        add_sandbox();
        add_migrate();
        add_check_config();
        add_workflows(user_name(environment));
        add_report();
        add_reconcile();
        add_diagram();
        add_version();
    }

    std::variant<Command, Exit> parse(std::span<const std::string> arguments) {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        try {
            app_.parse(std::move(reversed));
        } catch (const CLI::CallForHelp&) {
            return Exit{0, deepest(&app_)->help()};
        } catch (const CLI::ParseError& error) {
            return Exit{2, "appointd: " + std::string(error.what()) + "\n" + hint()};
        }
        return taken();
    }

private:
    static CLI::App* deepest(CLI::App* app) {
        const auto named = app->get_subcommands();
        return named.empty() ? app : deepest(named.front());
    }

    std::string hint() {
        std::string words = "appointd";
        for (CLI::App* app = &app_; !app->get_subcommands().empty();) {
            app = app->get_subcommands().front();
            words += " " + app->get_name();
        }
        return "Try: " + words + " --help\n";
    }

    void add_config(CLI::App* app, ConfigPath& into) {
        app->add_option_function<std::string>(
               "--config", [&into](const std::string& path) { into = path; }, config_help)
            ->type_name("FILE");
    }
    void add_json(CLI::App* app, bool& into) { app->add_flag("--json", into, "For programs: JSON on standard output"); }

    void add_place(CLI::App* app, AdminPlace& into) {
        add_config(app, into.config);
        app->add_option_function<std::string>(
               "--admin", [&into](const std::string& url) { into.admin = url; },
               "Admin API (default: http.admin_listen of the configuration)")
            ->type_name("URL");
        app->add_option_function<std::string>(
               "--token", [&into](const std::string& token) { into.token = Secret(token); },
               "Bearer token (default: APPOINTD_ADMIN_TOKEN, which other users cannot see)")
            ->type_name("TOKEN");
    }

    void add_serve() {
        serve_app_ = app_.add_subcommand("serve", "Run the daemon: webhooks, booking API, admin API, metrics");
        add_config(serve_app_, serve_.config);
        serve_app_->footer("\n" + settings_help());
    }

    void add_demo() {
        demo_app_ = app_.add_subcommand(
            "demo", "Run many bookings against local stand-ins for Calendly, Stripe and Zoom, and check the promise");
        demo_app_->add_option("--bookings", demo_.bookings, "How many")->check(CLI::Range(1, 1'000'000))->capture_default_str();
        demo_app_->add_option("--seed", demo_.seed, "The same seed makes the same bookings and the same misfortunes")
            ->capture_default_str();
        demo_app_->add_flag("--keep", demo_.keep, "Leave daemon and stand-ins running afterwards, to look at");
        demo_app_->add_flag("--drop-webhooks", demo_.drop_webhooks,
                            "Deliver no webhook at all: reconciliation alone has to bring every booking to its end");
        demo_app_->add_option("--store", demo_.stores, "Database URL; several: one run each (default: a SQLite file of its own)")
            ->type_name("URL");
        add_json(demo_app_, demo_.json);
    }

    void add_sandbox() {
        sandbox_app_ = app_.add_subcommand(
            "sandbox", "Run local stand-ins for Calendly, Stripe and Zoom, and a mail relay with a mailbox to look into");
        sandbox_app_->add_option("--listen", sandbox_.listen, "Address and port")->type_name("ADDRESS")->capture_default_str();
        sandbox_app_->add_option("--webhook-base", sandbox_.webhook_base, "Webhooks go to BASE/webhooks/PROVIDER")
            ->type_name("URL")
            ->capture_default_str();
        sandbox_app_->footer(
            "E-mails: the relay takes any free port of 127.0.0.1 and delivers none; a person reads them at /mailbox, a program\n"
            "at /control/mailbox. Prints the variables that point a daemon at all of it.");
    }

    void add_migrate() {
        migrate_app_ = app_.add_subcommand("migrate", "Bring the database to this binary's schema, and say what was done");
        add_config(migrate_app_, migrate_.config);
        add_json(migrate_app_, migrate_.json);
    }

    void add_check_config() {
        check_app_ =
            app_.add_subcommand("check-config", "Read the configuration, say all that is wrong with it, show what is in force");
        add_config(check_app_, check_.config);
        add_json(check_app_, check_.json);
        check_app_->footer("\n" + settings_help());
    }

    void add_diagram() {
        diagram_app_ = app_.add_subcommand("diagram", "Draw a workflow kind as a Mermaid state diagram");
        diagram_app_->add_option("KIND", diagram_.kind, "Workflow kind")->capture_default_str();
        add_json(diagram_app_, diagram_.json);
    }

    void add_version() {
        version_app_ = app_.add_subcommand("version", "Say which build this is");
        add_json(version_app_, version_.json);
    }

    void add_workflows(const std::string& actor) {
        workflows_app_ =
            app_.add_subcommand("workflows", "Look at bookings and act on them, through the admin API of a running daemon");
        workflows_app_->require_subcommand(1);
        workflows_app_->fallthrough();
        add_place(workflows_app_, workflows_);
        add_json(workflows_app_, workflows_.json);
        actions_.emplace(*workflows_app_, workflows_.action, actor);
    }

    void add_report() {
        report_app_ = app_.add_subcommand("report", "What a bookkeeper asks, through the admin API of a running daemon");
        report_app_->require_subcommand(1);
        report_app_->fallthrough();
        add_place(report_app_, report_);
        CLI::App* money =
            report_app_->add_subcommand("money", "Captured, refunded, kept and lost, by day, session type and currency");
        money->add_option("--from", report_.from, "First day (UTC), like 2026-12-01")->type_name("DAY")->required();
        money->add_option("--to", report_.to, "Last day (UTC), part of it")->type_name("DAY")->required();
        CLI::Option* csv = money->add_flag("--csv", report_.csv, "For a spreadsheet: one line a day, session type and currency");
        money->add_flag("--json", report_.json, "For programs: JSON on standard output")->excludes(csv);
    }

    void add_reconcile() {
        reconcile_app_ = app_.add_subcommand(
            "reconcile", "Ask the providers now for what never arrived, through the admin API of a running daemon");
        add_place(reconcile_app_, reconcile_);
        reconcile_app_->add_option("--since", reconcile_.since, "From here on: 24h, or a time (default: the last complete sweep)")
            ->type_name("WHEN");
        reconcile_app_->add_option("--provider", reconcile_.provider, "Only this one (default: all that are reconciled)");
        reconcile_app_->add_flag("--dry-run", reconcile_.dry_run, "Say what would be healed and change nothing");
        add_person(reconcile_app_, reconcile_.person);
        add_json(reconcile_app_, reconcile_.json);
    }

    std::variant<Command, Exit> taken() {
        if (*serve_app_) return Command(serve_);
        if (*demo_app_) return Command(demo_);
        if (*sandbox_app_) return Command(sandbox_);
        if (*migrate_app_) return Command(migrate_);
        if (*check_app_) return Command(check_);
        if (*reconcile_app_) return Command(reconcile_);
        if (*diagram_app_) return Command(diagram_);
        if (*version_app_) return Command(version_);
        if (*report_app_) return Command(report_);
        return Command(workflows_);
    }

    CLI::App app_{"appointd carries every booking from the first click to paid, met and closed.", "appointd"};
    CLI::App *serve_app_ = nullptr, *demo_app_ = nullptr, *sandbox_app_ = nullptr, *migrate_app_ = nullptr, *check_app_ = nullptr,
             *reconcile_app_ = nullptr, *workflows_app_ = nullptr, *report_app_ = nullptr, *diagram_app_ = nullptr,
             *version_app_ = nullptr;
    ServeCommand serve_;
    DemoCommand demo_;
    SandboxCommand sandbox_;
    MigrateCommand migrate_;
    CheckConfigCommand check_;
    ReconcileCommand reconcile_;
    DiagramCommand diagram_;
    VersionCommand version_;
    WorkflowsCommand workflows_;
    ReportCommand report_;
    std::optional<WorkflowActions> actions_;
};

} // namespace

std::variant<Command, Exit> parse_command_line(std::span<const std::string> arguments, const Environment& environment) {
    // The conventional spelling, too.
    if (arguments.size() == 1 && arguments[0] == "--version") return Command(VersionCommand{});
    return CommandLine(environment).parse(arguments);
}

} // namespace appointd::daemon
