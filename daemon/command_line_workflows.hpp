#pragma once

#include "daemon/command_line.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <functional>
#include <list>
#include <string>

namespace appointd::daemon {

/// --actor and --reason.
void add_person(CLI::App* app, action::Person& into);

/// What `appointd workflows` can do, one subcommand each: after parsing, `into` holds the one that was named.
class WorkflowActions {
public:
    /// Both outlive this object. `actor`: who acts, where the line does not say.
    WorkflowActions(CLI::App& app, Action& into, const std::string& actor);
    WorkflowActions(const WorkflowActions&) = delete;
    WorkflowActions& operator=(const WorkflowActions&) = delete;

private:
    template <class A> CLI::App* add(const char* name, const char* help, A& one) {
        CLI::App* command = app_.add_subcommand(name, help);
        command->callback([this, &one] { into_ = one; });
        return command;
    }
    void add_reads();
    void add_acts();
    void add_verbs();

    /// An operator's event under a name of its own: values as they were given, in the order of its fields.
    struct Verb {
        action::SendEvent event;
        std::array<std::string, 3> values;
    };

    CLI::App& app_;
    Action& into_;
    action::List list_;
    action::Show show_;
    action::Explain explain_;
    action::History history_;
    action::Replay replay_;
    action::SendEvent event_;
    action::OnActivity retry_, skip_;
    action::DeadLetters dead_;
    action::Requeue requeue_;
    std::list<Verb> verbs_; ///< a list: options refer into it
};

} // namespace appointd::daemon
