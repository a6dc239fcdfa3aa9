#pragma once

#include "workflows/booking/actions.hpp"
#include "workflows/booking/guards.hpp"
#include "workflows/booking/kind.hpp"

/// The words of the table: each guard and each action under the name that the matrix and the diagram show.
namespace appointd::booking::vocabulary {

// clang-format off
#define IF(name) inline constexpr Guard name{#name, &ask_if::name}
inline constexpr Guard always{"always", [](const Step&) { return true; }};
IF(no_terms); IF(free_of_charge); IF(paid_at_calendly); IF(another_type); IF(slot_moving); IF(lands_here); IF(older_link); IF(never_had_slot); IF(slot_still_ours); IF(by_host);
IF(by_host_unmet); IF(had_slot); IF(before_start); IF(unmet_before_start); IF(session_held); IF(refunds_no_show); IF(as_asked); IF(service_paid); IF(tells_its_session); IF(revivable); 
IF(held_by_money); IF(undecided_money); IF(fails_this_payment); IF(failure_with_window); IF(checkout_open); IF(checkout_expiring);
IF(current_checkout); IF(current_with_window); IF(makes_this_checkout); IF(refuses_this_checkout); IF(says_expired); IF(open_unwanted); IF(says_complete); IF(all_back_with_window); IF(all_back);
IF(service_back); IF(sum_agrees); IF(inquiry); IF(prevented); IF(refund_made); IF(refund_blocked); IF(used_up); IF(may_have_landed); IF(list_tells_news); IF(settled); IF(unsettled_ledger);
IF(same_meeting); IF(restored); IF(returns_to_us); IF(adoptable); IF(made_same); IF(made_gone); IF(made_other); IF(made_known); IF(removing); IF(can_remake); IF(after_slot); IF(moved_by_hand); IF(moved_meanwhile);
IF(moved_back); IF(rehearsal); IF(not_over); IF(not_there); IF(still_moving); IF(link_wanted); IF(never_live); IF(session_open); IF(had_failed);
IF(look_brings_link); IF(moving_within_a_day); IF(something_to_ask); IF(orphan_meeting); IF(orphan_checkout); IF(orphan_refund);
IF(choice_impossible); IF(refund_impossible); IF(refund_whole_service); IF(payment_not_waiting); IF(elsewhere_impossible); IF(nothing_failed);
IF(who_unknown); IF(messages_owed); IF(meant_for_operator); IF(can_remind); IF(host_absent); IF(flag_not_open); IF(retry_useless); IF(skip_unknown);
#undef IF

#define DO(name, words) inline constexpr Action name{words, &act::name}
DO(begin, "ask for the link");                DO(begin_direct, "begin");                   DO(take_slot, "take the slot");
DO(supersede, "supersede it");                DO(land_slot, "slot = new");                  DO(await_move, "slot moving");               DO(count_reschedule, "count the reschedule");
DO(free_slot, "FREE");                        DO(slot_gone, "slot = free");                DO(slot_freed, "record the release");
DO(slot_not_freed, "FLAG slot_held");         DO(slot_past, "slot = past");                DO(remember_next, "remember the invitee");
DO(look_for_slot, "ask Calendly");            DO(give_up_reschedule, "FLAG reschedule_lost");
DO(set_no_show, "record the no-show");        DO(clear_no_show, "clear the no-show");      DO(flag_paid_at_calendly, "FLAG paid_at_calendly");
DO(flag_canceled_after_start, "FLAG canceled_after_start");                                DO(flag_canceled_late, "FLAG canceled_late");
DO(flag_moved_after_session, "FLAG moved_after_session");                                  DO(keep_link, "keep the link");
DO(link_failed, "FLAG link_failed");          DO(take_link, "take the join link");
DO(end_no_slot, "why: no slot");              DO(end_no_payment, "why: no payment");       DO(end_undecided, "why: undecided money");
DO(end_canceled, "why: canceled");            DO(end_by_operator, "why: operator");        DO(end_returned, "why: refunded");
DO(end_dispute_lost, "why: dispute lost");    DO(revive, "revive");                        DO(stop, "STOP");
DO(open_window, "open the window");           DO(hold_for_operator, "only the start ends it");
DO(narrow_window, "narrow the window");       DO(deadline_off, "deadline off");            DO(rearm_window, "deadline on");
DO(set_session_timers, "reminders, completion");                                           DO(hold_session_timers, "hold reminders and completion");
DO(session_over, "drop timers");              DO(ask_completion_again, "completion again"); DO(flag_no_meeting, "FLAG no_meeting");
DO(reconcile, "ask the providers");           DO(make_checkout, "make checkout");          DO(close_checkouts, "CLOSE");
DO(checkout_made, "keep the url");            DO(checkout_unwanted, "expire it");          DO(checkout_not_made, "FLAG checkout_failed");
DO(checkout_not_wanted, "checkout = failed");
DO(expire_again, "expire the checkout");       DO(expire_checkout, "expire the checkout");   DO(mark_expired, "checkout = expired");      DO(tell_expired, "raise checkout.expired");
DO(tell_complete, "raise what it paid");      DO(expire_failed, "FLAG checkout_open");     DO(expire_orphan, "expire it");
DO(book_service, "book as service");          DO(book_unasked, "book as unasked");         DO(flag_mismatch, "FLAG amount_mismatch");
DO(flag_unexpected, "FLAG unexpected_money"); DO(book_and_return, "BACK(p)");              DO(book_processing, "record processing");
DO(settle_session, "checkout = complete"); DO(fail_payment, "payment = failed");         DO(count_decline, "count it");               DO(mark_paid, "book as paid");
DO(return_others, "BACK of the unasked");     DO(return_all, "BACK of all");               DO(return_service, "BACK(service)");
DO(share_policy, "SHARE");                    DO(share_by_operator, "money per choice");   DO(refund_by_operator, "refund the amount");
DO(settle_outside, "row settled outside");    DO(keep_session, "kept(session)");           DO(unkeep_session, "kept(session) waits again");
DO(return_for_no_show, "BACK(service)");      DO(return_for_host, "BACK(service)");        DO(book_refund, "book the refund");
DO(flag_refund_failed, "FLAG refund_failed"); DO(clear_money_flags, "clear its flag");     DO(list_refunds, "ask for the payment's refunds");
DO(list_after_failure, "ask for the payment's refunds");
DO(tell_refund, "raise refund.*");            DO(tell_orphan_refund, "raise refund.*");    DO(refund_is_blocked, "hold the row");
DO(refund_found_elsewhere, "book what is listed");                                         DO(refund_refused, "FLAG refund_failed");
DO(refund_used_up, "FLAG activity_exhausted"); DO(tell_list, "raise refund.*");            DO(refunds_not_listed, "FLAG activity_exhausted"); DO(open_dispute, "record the dispute");
DO(flag_dispute, "FLAG dispute");             DO(flag_dispute_after_refund, "FLAG dispute_after_refund");
DO(prevent_dispute, "record that it was prevented");
DO(win_dispute, "lost money is back; let waiting refunds go"); DO(lose_dispute, "book as lost");            DO(flag_dispute_lost, "FLAG dispute_lost");
DO(meet, "MEET");                             DO(move_meeting, "MOVE");                    DO(unmeet, "UNMEET");
DO(adopt_created, "adopt it");                DO(adopt_made, "keep the join link");        DO(confirm_made, "keep the join link");
DO(made_but_gone, "MEET");                    DO(delete_other, "delete it");               DO(delete_made, "delete it");
DO(delete_restored, "delete it");             DO(take_back, "adopt it again");
DO(meeting_not_made, "FLAG meeting_failed");  DO(meeting_moved, "record the move");        DO(meeting_lost, "MEET");
DO(meeting_not_moved, "FLAG meeting_move_failed");                                         DO(meeting_removed, "record the removal");
DO(meeting_not_removed, "FLAG meeting_left"); DO(flag_unknown_meeting, "FLAG meeting_left");     DO(remake, "MEET again");                    DO(meeting_gone, "meeting = gone");
DO(flag_meeting_moved, "FLAG meeting_moved"); DO(clear_meeting_moved, "clear meeting_moved");
DO(flag_meeting_deleted, "FLAG meeting_deleted");                                          DO(flag_used_after_cancel, "FLAG used_after_cancel");
DO(record_start, "record the session");       DO(record_end, "record its end");            DO(record_join, "record");
DO(record_recording, "record the link");      DO(forget_failure, "clear its flag");        DO(resolve_flag, "settle the flag");
DO(remind, "TELL reminder");                  DO(mail_not_sent, "FLAG activity_exhausted");
DO(retry_call, "open the call again");        DO(skip_call, "close the call");
#undef DO
// clang-format on

} // namespace appointd::booking::vocabulary
