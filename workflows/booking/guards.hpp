#pragma once

#include "workflows/booking/kind.hpp"

/// The questions that the table asks. Each has the name under which the matrix shows it.
namespace appointd::booking {

namespace ask_if {
// the slot
bool no_terms(const Step&); ///< of an event that would begin a booking: no session type names them
bool free_of_charge(const Step&);
bool paid_at_calendly(const Step&);
bool another_type(const Step&);
bool slot_moving(const Step&);
bool lands_here(const Step&);
bool older_link(const Step&); ///< an older slot of the current one's chain that tells something new about it
bool never_had_slot(const Step&);
bool slot_still_ours(const Step&);
bool by_host(const Step&);
bool by_host_unmet(const Step&);
bool had_slot(const Step&);
bool before_start(const Step&);
bool unmet_before_start(const Step&);
bool session_held(const Step&);
bool refunds_no_show(const Step&);
// payments and checkout
bool as_asked(const Step&);
bool service_paid(const Step&);
bool tells_its_session(const Step&);
bool revivable(const Step&);
bool window_left(const Step&);
bool held_by_money(const Step&);
bool undecided_money(const Step&);
bool fails_this_payment(const Step&);
bool failure_with_window(const Step&);
bool checkout_open(const Step&);
bool checkout_expiring(const Step&);
bool current_checkout(const Step&);
bool current_with_window(const Step&);
bool makes_this_checkout(const Step&);
bool refuses_this_checkout(const Step&); ///< for good: it cannot have landed
bool says_expired(const Step&);
bool open_unwanted(const Step&);
bool says_complete(const Step&);
// refunds and disputes
bool all_back_with_window(const Step&);
bool all_back(const Step&);
bool service_back(const Step&);
bool sum_agrees(const Step&);
bool inquiry(const Step&);
bool prevented(const Step&);
bool refund_made(const Step&);
bool refund_blocked(const Step&);
bool used_up(const Step&);
bool may_have_landed(const Step&);
bool list_tells_news(const Step&);
bool settled(const Step&);
bool unsettled_ledger(const Step&);
// the meeting
bool same_meeting(const Step&);
bool restored(const Step&);      ///< a meeting of ours that was deleted stands again
bool returns_to_us(const Step&); ///< restored, and it is the one that the slot lacks
bool adoptable(const Step&);
bool made_same(const Step&);
bool made_gone(const Step&);
bool made_other(const Step&);
bool made_known(const Step&);
bool removing(const Step&);
bool can_remake(const Step&);
bool after_slot(const Step&); ///< the provider's moment is not before the slot's end
bool moved_by_hand(const Step&);
bool moved_meanwhile(const Step&);
bool moved_back(const Step&);
bool rehearsal(const Step&);
bool not_over(const Step&);
bool not_there(const Step&);
bool still_moving(const Step&);
bool link_wanted(const Step&);
bool never_live(const Step&);
bool session_open(const Step&);
// calls, clock, operator
bool had_failed(const Step&);
bool look_brings_link(const Step&);
bool within_a_day(const Step&);
bool moving_within_a_day(const Step&);
bool something_to_ask(const Step&);
bool orphan_meeting(const Step&);
bool orphan_checkout(const Step&);
bool orphan_refund(const Step&);
bool choice_impossible(const Step&);
bool refund_impossible(const Step&);
bool refund_whole_service(const Step&);
bool payment_not_waiting(const Step&);
bool elsewhere_impossible(const Step&);
bool nothing_failed(const Step&);
bool who_unknown(const Step&);
bool host_absent(const Step&);
bool flag_not_open(const Step&);
bool retry_useless(const Step&);
bool skip_unknown(const Step&);
// messages
bool messages_owed(const Step&);
bool meant_for_operator(const Step&);
bool can_remind(const Step&);
} // namespace ask_if

namespace pick {
/// The payment an operator means: the named one, else the service payment, else the first that could give `amount`; or null.
const Payment* refund_target(const Step& step);
const Payment* elsewhere_target(const Step& step);
} // namespace pick

/// Our own Zoom meeting is wanted (not Calendly's link, not a group event).
bool makes_own_meeting(const Data& data);
/// The join link is Calendly's to make.
bool takes_calendly_link(const Data& data);

} // namespace appointd::booking
