#pragma once

#include "daemon/configuration.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace appointd::daemon {

using ConfigPath = std::optional<std::filesystem::path>; ///< absent: APPOINTD_CONFIG, or defaults and environment alone

struct ServeCommand {
    ConfigPath config;
};

/// A fleet of bookings against the sandbox, in one process.
struct DemoCommand {
    int bookings = 200;
    std::uint64_t seed = 1;
    bool keep = false;               ///< leave daemon and sandbox running afterwards
    std::vector<std::string> stores; ///< database URLs, one run each; empty: a SQLite file of its own
    bool drop_webhooks = false;      ///< none is delivered: reconciliation alone has to bring every booking to its end
    bool json = false;
};

struct SandboxCommand {
    std::string listen = "127.0.0.1:8090";
    std::string webhook_base = "http://127.0.0.1:8080"; ///< webhooks go to BASE/webhooks/PROVIDER
};

struct MigrateCommand {
    ConfigPath config;
    bool json = false;
};

struct CheckConfigCommand {
    ConfigPath config;
    bool json = false;
};

struct DiagramCommand {
    std::string kind = "booking";
    bool json = false; ///< the transition table instead of Mermaid
};

struct VersionCommand {
    bool json = false;
};

/// What `appointd workflows` may do.
namespace action {
/// For the history: who acts, and why.
struct Person {
    std::string actor, reason;
};
struct List {
    std::string state, kind, q, cursor;
    std::string attention; ///< empty: all; "true": only those that wait for a person; else only for this reason
    int limit = 50;
};
struct Show {
    std::string id;
};
struct Explain {
    std::string id;
};
struct History {
    std::string id, cursor;
};
struct Replay {
    std::string id;
};
struct SendEvent {
    std::string id, type;
    std::string payload = "{}"; ///< a JSON object
    Person person;
    bool dry_run = false;
};
struct OnActivity {
    std::string verb; ///< "retry" or "skip"
    std::string activity;
    Person person;
    bool dry_run = false;
};
struct DeadLetters {
    std::string cursor;
    int limit = 50;
};
struct Requeue {
    std::string id;
    Person person;
};
} // namespace action

using Action = std::variant<action::List, action::Show, action::Explain, action::History, action::Replay, action::SendEvent,
                            action::OnActivity, action::DeadLetters, action::Requeue>;

/// Where a command finds the admin API of a running daemon.
struct AdminPlace {
    ConfigPath config;
    std::optional<std::string> admin; ///< URL; absent: http.admin_listen of the configuration
    std::optional<Secret> token;      ///< absent: http.admin_token of the configuration
};

/// `appointd reconcile`: has the providers asked now for what never arrived.
struct ReconcileCommand : AdminPlace {
    std::string since;    ///< "24h" or a time; empty: since the last complete sweep
    std::string provider; ///< empty: all
    action::Person person;
    bool dry_run = false, json = false;
};

/// `appointd workflows …`: a client of the admin API.
struct WorkflowsCommand : AdminPlace {
    bool json = false;
    Action action;
};

/// `appointd report money`: what moved, by day, session type and currency.
struct ReportCommand : AdminPlace {
    std::string from, to; ///< days (or instants) in UTC, both part of it
    bool csv = false, json = false;
};

using Command = std::variant<ServeCommand, DemoCommand, SandboxCommand, MigrateCommand, CheckConfigCommand, DiagramCommand,
                             VersionCommand, ReconcileCommand, WorkflowsCommand, ReportCommand>;

/// Nothing to run: help was asked (code 0, for standard output) or the line is wrong (code 2, for standard error).
struct Exit {
    int code = 0;
    std::string text;
};

/// `arguments` without the program's name. Pure but for the user's name, which is the default actor.
std::variant<Command, Exit> parse_command_line(std::span<const std::string> arguments, const Environment& environment);

} // namespace appointd::daemon
