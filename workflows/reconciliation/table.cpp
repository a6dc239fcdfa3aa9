#include "workflows/reconciliation/actions.hpp"
#include "workflows/reconciliation/definition.hpp"

/// THE TABLE of a reconciliation; within a cell the first row whose guard holds counts. Version 1 is released: it never changes.
namespace appointd::reconciliation {
namespace {

using E = Reconciliation::Event;
using Row = engine::Row<Reconciliation>;
using States = engine::States<State>;
using enum State;
using enum engine::Outcome;

// clang-format off
#define IF(name) constexpr Guard name{#name, &ask_if::name}
constexpr Guard always{"always", [](const Step&) { return true; }};
IF(more_pages); IF(long_enough); IF(worn_out); IF(interrupted); IF(still_wanted); IF(since_unusable);
#undef IF
#define DO(name, words) constexpr Action name{words, &act::name}
DO(begin, "begin");                     DO(take_configuration, "take the configuration");
DO(open_sweep, "open a window, ask for its first page");
DO(ask_page, "ask for the page");       DO(count_page, "count the page");
DO(take_breath, "page timer");          DO(close_sweep, "covered = the window's end; sweep timer");
DO(note_failure, "keep the error; sweep timer, later each time");
DO(remember_wish, "remember the wish"); DO(hand_over, "ask for the successor");
DO(stop, "drop timers");
#undef DO

constexpr State same = none;
constexpr States running{waiting, listing};
constexpr States begun{waiting, listing, renewing, renewed};
constexpr States handing_over{renewing, renewed};

constexpr Row table[] = {
{none,         E::begun,             always,         go,     waiting,  "begun: the first sweep comes after its distance",        {begin}},
{begun,        E::begun,             always,         ignore, same,     "already begun"},
{none,         E::configured,        always,         ignore, same,     "not begun"},
{running,      E::configured,        always,         stay,   same,     "configured anew",                                        {take_configuration}},
{handing_over, E::configured,        always,         ignore, same,     "its successor is told"},

// ---- a sweep ---------------------------------------------------------------------------------------------------------------------------
{none,         E::timer_sweep,       always,         ignore, same,     "not begun"},
{waiting,      E::timer_sweep,       worn_out,       go,     renewing, "many sweeps are behind it: a successor goes on",         {hand_over}},
{waiting,      E::timer_sweep,       interrupted,    go,     listing,  "the sweep that was cut off is gone on with",             {ask_page}},
{waiting,      E::timer_sweep,       always,         go,     listing,  "its turn",                                               {open_sweep}},
{{listing, renewing, renewed}, E::timer_sweep, always, ignore, same,   "timer of another state"},
{none,         E::timer_page,        always,         ignore, same,     "not begun"},
{listing,      E::timer_page,        interrupted,    stay,   same,     "a breath was taken",                                     {ask_page}},
{{waiting, listing, renewing, renewed}, E::timer_page, always, ignore, same, "timer of another state"},
{none,         E::gap,               always,         ignore, same,     "not begun"},
{waiting,      E::gap,               interrupted,    go,     listing,  "webhooks were missed: the sweep is gone on with now",    {ask_page}},
{waiting,      E::gap,               always,         go,     listing,  "webhooks were missed: swept now",                        {open_sweep}},
{listing,      E::gap,               always,         stay,   same,     "webhooks were missed: swept again after this one",       {remember_wish}},
{handing_over, E::gap,               always,         ignore, same,     "its successor sweeps"},

// ---- pages -----------------------------------------------------------------------------------------------------------------------------
{none,         E::stripe_listed,     always,         ignore, same,     "not begun"},
{listing,      E::stripe_listed,     long_enough,    stay,   same,     "many pages in one go: a breath",                         {count_page, take_breath}},
{listing,      E::stripe_listed,     more_pages,     stay,   same,     "a page of Stripe's events",                              {count_page, ask_page}},
{listing,      E::stripe_listed,     still_wanted,   stay,   same,     "all listed; another sweep was asked for",                {count_page, close_sweep, open_sweep}},
{listing,      E::stripe_listed,     always,         go,     waiting,  "all listed",                                             {count_page, close_sweep}},
{{waiting, renewing, renewed}, E::stripe_listed, always, ignore, same, "no sweep is under way"},
{none,         E::stripe_unlisted,   always,         ignore, same,     "not begun"},
{listing,      E::stripe_unlisted,   always,         go,     waiting,  "Stripe did not tell: asked again at the next turn",      {note_failure}},
{{waiting, renewing, renewed}, E::stripe_unlisted, always, ignore, same, "no sweep is under way"},
{none,         E::calendly_listed,   always,         ignore, same,     "not begun"},
{listing,      E::calendly_listed,   long_enough,    stay,   same,     "many pages in one go: a breath",                         {count_page, take_breath}},
{listing,      E::calendly_listed,   more_pages,     stay,   same,     "a page of Calendly's events",                            {count_page, ask_page}},
{listing,      E::calendly_listed,   still_wanted,   stay,   same,     "all listed; another sweep was asked for",                {count_page, close_sweep, open_sweep}},
{listing,      E::calendly_listed,   always,         go,     waiting,  "all listed",                                             {count_page, close_sweep}},
{{waiting, renewing, renewed}, E::calendly_listed, always, ignore, same, "no sweep is under way"},
{none,         E::calendly_unlisted, always,         ignore, same,     "not begun"},
{listing,      E::calendly_unlisted, always,         go,     waiting,  "Calendly did not tell: asked again at the next turn",    {note_failure}},
{{waiting, renewing, renewed}, E::calendly_unlisted, always, ignore, same, "no sweep is under way"},
{none,         E::zoom_listed,       always,         ignore, same,     "not begun"},
{listing,      E::zoom_listed,       long_enough,    stay,   same,     "many pages in one go: a breath",                         {count_page, take_breath}},
{listing,      E::zoom_listed,       more_pages,     stay,   same,     "a page of Zoom's meetings",                              {count_page, ask_page}},
{listing,      E::zoom_listed,       still_wanted,   stay,   same,     "all listed; another sweep was asked for",                {count_page, close_sweep, open_sweep}},
{listing,      E::zoom_listed,       always,         go,     waiting,  "all listed",                                             {count_page, close_sweep}},
{{waiting, renewing, renewed}, E::zoom_listed, always, ignore, same,   "no sweep is under way"},
{none,         E::zoom_unlisted,     always,         ignore, same,     "not begun"},
{listing,      E::zoom_unlisted,     always,         go,     waiting,  "Zoom did not tell: asked again at the next turn",        {note_failure}},
{{waiting, renewing, renewed}, E::zoom_unlisted, always, ignore, same, "no sweep is under way"},
{none,         E::orphan_found,      always,         ignore, same,     "not begun"},
{begun,        E::orphan_found,      always,         ignore, same,     "a page that came too late: what it told has entered"},

// ---- the successor ---------------------------------------------------------------------------------------------------------------------
{none,         E::successor_begun,   always,         ignore, same,     "not begun"},
{renewing,     E::successor_begun,   always,         go,     renewed,  "its successor goes on",                                  {stop}},
{{waiting, listing, renewed}, E::successor_begun, always, ignore, same, "nobody asked for a successor"},
{none,         E::successor_failed,  always,         ignore, same,     "not begun"},
{renewing,     E::successor_failed,  always,         go,     waiting,  "no successor: asked for again at the next turn",         {note_failure}},
{{waiting, listing, renewed}, E::successor_failed, always, ignore, same, "nobody asked for a successor"},

// ---- the operator ----------------------------------------------------------------------------------------------------------------------
{none,         E::operator_sweep,    always,         refuse, same,     "not begun"},
{handing_over, E::operator_sweep,    always,         refuse, same,     "its successor goes on: ask that one"},
{running,      E::operator_sweep,    since_unusable, refuse, same,     "since is a moment of the last 30 days"},
{waiting,      E::operator_sweep,    always,         go,     listing,  "swept at an operator's wish",                            {open_sweep}},
{listing,      E::operator_sweep,    always,         stay,   same,     "swept again after this one, at an operator's wish",      {remember_wish}},
{none,         E::operator_note,     always,         refuse, same,     "not begun"},
{begun,        E::operator_note,     always,         stay,   same,     "a note"},
};
// clang-format on

} // namespace

std::span<const engine::Row<Reconciliation>> Reconciliation::rows() { return table; }

engine::Definition definition() { return engine::define<Reconciliation>(); }

} // namespace appointd::reconciliation
