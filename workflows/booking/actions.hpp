#pragma once

#include "foundation/json.hpp"
#include "workflows/booking/kind.hpp"

#include <string_view>
#include <utility>
#include <vector>

/// What a transition does, in the words of the matrix. Each changes the step's data, timers and requests, and nothing else.
namespace appointd::booking::act {

// beginnings and ends
void begin(Step&);        ///< booking.requested: terms, names, the scheduling link, slot_timeout
void begin_direct(Step&); ///< booked straight on Calendly: terms from the event
void end_no_slot(Step&);
void end_no_payment(Step&);
void end_undecided(Step&);
void end_canceled(Step&); ///< by invitee or host
void end_by_operator(Step&);
void end_returned(Step&); ///< all of the service money went back
void end_dispute_lost(Step&);
void revive(Step&); ///< it had ended, and goes on
void stop(Step&);   ///< STOP: the timers of the living, and flags about what is no longer wanted

// the slot
void take_slot(Step&);
void supersede(Step&);  ///< an older slot of the chain: it, and what it names, are replaced
void land_slot(Step&);  ///< the second half of a reschedule
void await_move(Step&); ///< the first half
void count_reschedule(Step&);
void free_slot(Step&); ///< FREE
void slot_gone(Step&);
void slot_freed(Step&); ///< Calendly's answer
void slot_not_freed(Step&);
void slot_past(Step&);
void remember_next(Step&); ///< a late reschedule that moves nothing: its invitee is ours to answer for
void look_for_slot(Step&);
void give_up_reschedule(Step&);
void set_no_show(Step&);
void clear_no_show(Step&);
void flag_paid_at_calendly(Step&);
void flag_canceled_after_start(Step&);
void flag_canceled_late(Step&);
void flag_moved_after_session(Step&);
void keep_link(Step&);
void link_failed(Step&);

// windows and timers
void open_window(Step&);       ///< deadline = min(now + window, start)
void hold_for_operator(Step&); ///< no window: only the start ends it
void narrow_window(Step&);
void deadline_off(Step&); ///< money is under way or in front of a person: only the start ends it
void rearm_window(Step&);
void set_session_timers(Step&);
void hold_session_timers(Step&);
void session_over(Step&); ///< completed: nothing of the living rings any more
void ask_completion_again(Step&);
void flag_no_meeting(Step&);
void reconcile(Step&);

// checkout
void make_checkout(Step&);
void close_checkouts(Step&); ///< CLOSE
void checkout_made(Step&);
void checkout_unwanted(Step&); ///< made, and no longer wanted: expire it
void checkout_not_made(Step&);
void checkout_not_wanted(Step&);   ///< refused for good, and nobody waits for it
void flag_unknown_checkout(Step&); ///< nobody asks any more whether it was made
void expire_checkout(Step&);
void expire_again(Step&);
void mark_expired(Step&);
void tell_expired(Step&);
void tell_complete(Step&);
void expire_failed(Step&);
void expire_orphan(Step&);

// money in
void book_service(Step&);
void book_unasked(Step&);
void flag_mismatch(Step&);
void flag_unexpected(Step&);
void book_and_return(Step&); ///< BACK(p)
void book_processing(Step&);
void settle_session(Step&); ///< booked before: now its session is known
void fail_payment(Step&);
void count_decline(Step&);
void mark_paid(Step&);
void return_others(Step&); ///< BACK of what nobody asked for

// money back
void return_all(Step&);     ///< BACK of everything that waits
void return_service(Step&); ///< BACK(service) in full
void share_policy(Step&);   ///< SHARE
void share_by_operator(Step&);
void refund_by_operator(Step&);
void settle_outside(Step&);
void keep_session(Step&); ///< the session was held: the money is earned (or goes back for a no-show)
void unkeep_session(Step&);
void return_for_no_show(Step&);
void return_for_host(Step&);
void book_refund(Step&);
void flag_refund_failed(Step&);
void clear_money_flags(Step&);
void list_refunds(Step&);
void list_after_failure(Step&); ///< unless a list told of it
void tell_refund(Step&);        ///< the answer of our call becomes the fact that its webhook would be
void tell_orphan_refund(Step&);
void refund_is_blocked(Step&);
void refund_found_elsewhere(Step&);
void refund_refused(Step&);
void refund_used_up(Step&);
void tell_list(Step&);
void refunds_not_listed(Step&);
void open_dispute(Step&);
void flag_dispute(Step&);
void flag_dispute_after_refund(Step&);
void win_dispute(Step&);
void regain(Step&, const std::string& payment, std::int64_t amount); ///< a lost dispute was won on appeal
void prevent_dispute(Step&);
void settle_prevented(Step&); ///< a person has seen what became of the money
void lose_dispute(Step&);
void flag_dispute_lost(Step&);
/// What a list of refunds says that the ledger does not know: type and payload of the events that say it.
std::vector<std::pair<std::string_view, json::object>> news_of_list(const Step& step);

// the meeting
void meet(Step&);         ///< MEET
void move_meeting(Step&); ///< MOVE
void unmeet(Step&);       ///< UNMEET
void adopt_created(Step&);
void adopt_made(Step&);
void confirm_made(Step&);
void made_but_gone(Step&);
void delete_other(Step&);    ///< a meeting that is not the one: twin, stray, late
void delete_restored(Step&); ///< one of ours that was deleted, and stands again
void take_back(Step&);       ///< the one that the slot lacked stands again
void delete_made(Step&);
void meeting_not_made(Step&);
void flag_unknown_meeting(Step&);
void meeting_moved(Step&);
void meeting_lost(Step&);
void meeting_not_moved(Step&);
void meeting_removed(Step&);
void meeting_not_removed(Step&);
/// Nobody removes it any more; what stands at Zoom is in front of a person.
void leave_meeting(Data& data, const std::string& id);
void remake(Step&);
void meeting_gone(Step&);
void flag_meeting_moved(Step&);
void clear_meeting_moved(Step&);
void flag_meeting_deleted(Step&);
void flag_used_after_cancel(Step&);
void record_start(Step&);
void record_end(Step&);
void record_join(Step&);
void record_recording(Step&);
void retry_removal(Step&);
void take_link(Step&);

// messages
void remind(Step&); ///< TELL reminder
void mail_not_sent(Step&);
/// TELL: after every transition, what people should know and were not told (notices.cpp).
void tell(Step&);

// calls and operator
void forget_failure(Step&);
void resolve_flag(Step&);
void retry_call(Step&);
void skip_call(Step&);

/// Refund rows that are owed are asked for as soon as a transition has room; used after every transition.
void send_owed_refunds(Step&);

} // namespace appointd::booking::act
