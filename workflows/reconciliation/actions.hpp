#pragma once

#include "workflows/reconciliation/kind.hpp"

/// What a reconciliation's transitions ask (guards) and do (actions). Each action changes the step's data, timers and requests,
/// and nothing else.
namespace appointd::reconciliation {

namespace ask_if {
bool more_pages(const Step&);   ///< the provider says that this was not the last page
bool long_enough(const Step&);  ///< so many pages in one go that it takes a breath
bool worn_out(const Step&);     ///< so many sweeps that a successor goes on
bool interrupted(const Step&);  ///< a sweep was cut off by a failure and is gone on with
bool still_wanted(const Step&); ///< an operator asked for another sweep meanwhile
bool since_unusable(const Step&);
} // namespace ask_if

namespace act {
void begin(Step&);
void take_configuration(Step&);
void open_sweep(Step&); ///< a window from where the last one ended, or from where an operator wants it
void ask_page(Step&);
void count_page(Step&);
void take_breath(Step&);
void close_sweep(Step&);
void note_failure(Step&); ///< and the next turn, later with each failure in a row
void set_next_turn(Step&);
void remember_wish(Step&); ///< an operator asked while a sweep was under way
void hand_over(Step&);
void stop(Step&);
} // namespace act

} // namespace appointd::reconciliation
