#include "workflows/booking/document_text.hpp"

namespace appointd::booking::prose {

const std::string_view introduction = R"(# The booking

Drawn from `workflows/booking` by `booking::document()`; `APPOINTD_UPDATE_DOCS=1 booking_tests --gtest_filter=BookingDocument.*` draws it anew.

One definition, version 1. A booking begins over the API or straight on Calendly, is paid at Stripe, meets at Zoom, and ends COMPLETED, ABANDONED,
CANCELED or REFUNDED. Every cell of state and event is decided in `table.cpp`; a cell is never left to chance.

| state | means |
|---|---|
| INITIATED | the scheduling link is out; `slot_timeout` runs |
| SCHEDULED | a slot is taken; the checkout is being made |
| PAYMENT_PENDING | the checkout is out, or its money is under way; `deadline` runs (the earlier of payment window and start) |
| PAYMENT_FAILED | an attempt failed; the same or a new checkout can still succeed |
| CONFIRMED | paid (or free); the meeting is made; reminders and `completion` are set |
| COMPLETED | the meeting ended at or after the slot's start, or end plus grace passed |
| ABANDONED | no slot or no payment in time; the slot is freed |
| CANCELED | called off; what is left of the money stays by the terms, goes back, or is in front of a person |
| REFUNDED | all captured money went back, says Stripe |
)";

const std::string_view before_the_table = R"(## Before the table

An event is looked at by itself first (`screen.cpp`). These never reach a cell:

- A slot that a newer one replaced: ignored, "superseded slot". Where it is older and tells something new of the chain (a reschedule names what it replaced in turn),
  that is remembered: every slot of the chain is replaced, in whatever order they come.
- A reschedule that names a slot we have not seen: deferred under that slot's key. The tracking fields are a claim, and a claim moves no slot.
- A fact that the ledger has (same payment, same refund with the same or a later status, same dispute phase): ignored, "already booked".
- A refund or dispute of a payment that is not booked yet: deferred under the payment's key.
- A payment intent's own event where discount or tax are allowed and its sum is not the price: deferred; the session's event tells the parts.
- `checkout.expired` of a session that is none of ours, or is closed: ignored.
- A Zoom event of another meeting than the booking's: ignored, "a meeting that was replaced" or "is being deleted".
- A meeting or a no-show that is recorded already: ignored.

What was captured is as asked when the currency is ours, the session is ours (or being made), the subtotal is the price, and
total = subtotal - discount + tax, with discount and tax only where the terms allow them.
)";

const std::string_view words = R"(## Words of the matrix

| word | means |
|---|---|
| FREE | slot held, one-to-one, starts in the future: cancel at Calendly. Group event: no call frees one seat, FLAG seat_held. Already started: past |
| CLOSE | expire the checkout that is open; one still being made is expired when its answer comes |
| MEET | place zoom: create, unless there is one or one is being made; Calendly's own link is taken instead where it makes one; none and group events: nothing |
| MOVE | live: patch; being made or moved: compared when the answer comes; gone: MEET |
| UNMEET | delete what is there; what is still being made is deleted when its answer comes |
| BACK(p) | one refund row for all that is left of payment p; while a dispute is open the row waits |
| SHARE | round up (percent x captured) less what went back already; the rest becomes kept(policy) |
| STOP | drop the timers of the living, and flags about what nobody wants any more |
| FLAG x | attention with reason x |
| TELL x | the e-mail x |
| raise x | the event x, derived in the same commit, decided by its own cell |
| elsewhere | the event begins a booking of its own; this one is untouched |
| refuse | an operator's request is answered 409 with the reason; nothing is written |
)";

const std::string_view after_the_table = R"(## After every transition

- Refund rows that are owed are asked for (at most eight calls a transition; the rest with the next one).
- Money whose refund failed keeps its flag as long as it waits, until a person settles it.
- Rule R: in ABANDONED, CANCELED or COMPLETED with captured > 0 and all of it back, `ledger.settled` is raised (REFUNDED). In REFUNDED with less back than
  captured, `ledger.reopened` is raised (CANCELED).
- TELL: what the invitee was told last (`told`) is compared with what holds now; what differs is one e-mail, so an echo tells nobody anything and several
  changes that found no room in their transition are one message. pay_now: a checkout is open, once, and once more after a payment that failed. confirmed: the
  state is CONFIRMED and the join link is known (place none: at once). moved: another start than they know. new_link: another join link. canceled: the booking is
  over after a slot was taken, with what becomes of the money. refunded: more money is back than they know. The operator is told of each flag when it is raised.
  Calendar files carry one UID a booking and a growing SEQUENCE. Without a relay the history says which e-mail was not sent.
- Listeners of the terms get one webhook for each change of state (`booking.STATE`), each new start (`booking.rescheduled`), each flag raised or gone
  (`attention.raised`, `attention.resolved`). What found no room is `owed` and goes with the next transition, in order.
- The reconciliation timer: set `reconcile_after` ahead on every change of state, then at doubling distances (a day at most, and once more at the slot's start, from
  where they double anew) while something is unsettled; dropped when nothing is. It asks by state: INITIATED Calendly by tracking; unpaid Stripe by session; CONFIRMED
  Calendly (the invitee), Zoom (the meeting, and from the start on its sessions) and Stripe (refunds); afterwards only what is unsettled (checkouts, refunds, meetings,
  releases). It opens calls again that were used up. What no booking can ask for itself (a booking made straight on Calendly, a dispute) the sweeps of the provider
  accounts find: docs/operations.md, Reconciliation.
)";

const std::string_view invariants = R"(## Invariants

In one place, `invariants.hpp`, pure. The explorer (tests/model) checks all of them in every state of a booking that it reaches; unit tests after every step; an auditor
of a running store what one row shows.

| name | holds after every commit |
|---|---|
| M1 sum | captured + overpaid = waiting + kept + done + underway + lost, per payment, each term from its own rows; overpaid only with FLAG paid_twice_back (until a person settles it) |
| M2 ceiling | done + underway <= captured + overpaid; overpaid is only what people or a dispute took out a second time, never a row of ours |
| M3 cause | a refund row has one cause; a second row of a cause that acts once names the row it follows |
| M4 label | REFUNDED: all captured money is back. ABANDONED, CANCELED, COMPLETED: it is not |
| M5 birth | surplus and late money has its refund row in the commit that books it; surplus waits only behind a flag, or one that a person settled |
| M6 kept | kept(session) only in COMPLETED; kept(policy) only in CANCELED, at most captured - share, and never where the host called it off; an invitee who cancels gets the share and no more by policy |
| M7 service | a meeting is asked for, and the booking CONFIRMED, only where the price is 0, the sum asked is booked, or an operator accepted it; at most one service payment |
| M8 one ask | at most one checkout is being made, open or being expired; none stays open that nobody wants; while the window is open and no money is under way, one is there, or a person knows that none is |
| Z1 | no second create while one is undecided |
| Z2 | a dead booking asks for no create and no move |
| C1 | the current invitee is not one that was replaced; a slot has an invitee |
| S1 label | state and data agree: who lives holds a slot, who is unpaid has no service payment, who ended says why, and each has its terms |
| S2 told | undecided money, a failed refund that no other follows, an open or lost dispute, a reschedule too many: in front of a person |
| T1 timers | what must ring is set, at its instant, and nothing else is |

| name | holds whenever the booking is quiet (nothing undisposed, no call open or of unknown outcome, no timer due) |
|---|---|
| M9 mirror | payments, refunds and disputes are Stripe's: ids, sums, statuses |
| M10 twice | every refund of ours at Stripe has a row, and no row has two that stand |
| M11 dead | over: no session of it is open at Stripe (or FLAG checkout_open, checkout_failed), and no money waits unseen |
| M12 surplus | surplus money is back, or on its way, or flagged |
| Z3 | confirmed, at Zoom, before its end, not flagged: exactly one meeting stands, and starts when the slot does |
| Z4 | at most one meeting stands; called off: none that was not used (or FLAG meeting_left) |
| C2, C3 | alive: the invitee is active at Calendly; over, and the slot ahead: canceled, or FLAG slot_held, seat_held |
| L5 | a slot does not begin without a join link unseen |

| name | holds in the end, when people stop acting and calls are answered |
|---|---|
| L1 rest | every booking comes to rest: over and quiet, or in front of a person; an unpaid one not beyond its window and its start |
| L3, L4 | no refund is on its way for ever, no cent waits at rest, except in front of a person |
| L6 | L1, L3 and L5 with every webhook lost: reconciliation alone |
| H1 | the history folds to the stored row, byte for byte |
| H2 | every received event has one disposition, or is deferred and younger than its limit |

What cannot be promised: that the session took place (COMPLETED by the clock is "due and not called off"; Zoom may report neither the host's join nor guests); that a
refund reaches the customer (it may fail after success; then a person pays otherwise); that a seat of a group event is given back; that a reschedule is refused; that
nobody sees a twin meeting that lives for seconds.
)";

const std::string_view attention = R"(## Attention reasons

| reason | a person is asked because |
|---|---|
| paid_at_calendly | Calendly collected the money itself: mark it paid, or cancel |
| link_failed | no scheduling link could be made; the slot's timeout ends the booking |
| checkout_failed | no checkout could be made; the deadline ends the booking |
| checkout_open | a checkout could not be expired: what it brings goes back |
| amount_mismatch | what was captured is not what was asked; undecided it goes back at the start |
| unexpected_money | money came before anything was asked |
| refund_failed | money that is owed did not get back: pay it otherwise and record `operator.refunded_elsewhere` |
| dispute, dispute_lost, dispute_after_refund | the bank asks, took the money, or asks although it was returned. Prevented: see at Stripe who has the money; record `operator.refunded_elsewhere` where the customer has it, then settle the flag: what still waits goes |
| paid_twice_back | more went back than came in |
| meeting_failed, no_meeting | there is no join link (no_meeting: and the slot begins) |
| meeting_move_failed, meeting_moved, meeting_deleted | the meeting at Zoom is not where the slot is |
| meeting_left, used_after_cancel | a meeting of a booking that is over still stands, or was used |
| slot_held, seat_held | the slot (a group event's seat) could not be given back |
| reschedule_lost | canceled as rescheduled a day ago, and no new slot came |
| too_many_reschedules | more than the terms allow; it cannot be undone |
| canceled_after_start, canceled_late, moved_after_session | too late for the terms to decide |
| activity_exhausted | a refund could not be asked for, or an e-mail did not go out; reconciliation tries again what may work later |
| link_before_payment | reserved: Calendly showed a join link before the payment |
)";

const std::string_view differences = R"(## Differences from the reference, and why

- SCHEDULED at the deadline with a checkout still being made: ABANDONED at once. Whether the create was attempted cannot be known in a pure core, and nobody holds its
  address before its answer: nothing can be paid. When the answer comes, the checkout is expired.
- CLOSE never skips a create: one in flight may land unseen. It is expired when its answer comes.
- A wrong sum in INITIATED or SCHEDULED is booked, so its refunds and disputes are decided there too, not only in PAYMENT_PENDING.
- Money under way in INITIATED is recorded and not flagged: nothing can be decided before it comes, and then it is flagged.
- A decline (payment_intent.payment_failed) of a payment that was under way is its failure: Stripe tells the intent's end before the session's.
- A lost dispute in REFUNDED is flagged dispute_lost, and paid_twice_back besides where more went back than came in.
- A checkout that is refused when none is wanted any more asks nobody; one that was used up may have landed: it is asked for again, to be expired.
- INITIATED that ends by its timeout returns money that nobody asked for: it is decided then at the latest.
- A payment that confirms returns undecided money with it: any other captured payment goes back whole.
- Price 0 and paid at Calendly: CONFIRMED and flagged. There is nothing to wait for, and the money is still in front of a person.
- Paid at Calendly has no deadline: the window would take the slot of somebody who paid. Only the start ends it.
- The start of a slot that is moving decides nothing; where it lands sets it anew.
- A reschedule of an ABANDONED or CANCELED booking begins a booking of its own; this one's slot is marked free by the other half, not by it.
- A slot of an event type that no session type names any more still lands in a booking that began while one did: its terms are its own. It begins none.
- A used-up meeting.create keeps the meeting "being made": the same call is opened again, never a second one asked for (Z1).
- A used-up refund keeps its row underway (it may have landed), flagged activity_exhausted; a refusal for good puts the amount back to waiting, flagged refund_failed.
- A refund made by hand while ours is under way replaces our row, so that done + underway never passes captured (M2); what is then missing goes in a row that follows it.
- charge.refunded whose sum is what Stripe told us before, with or without what is pending there, asks nothing: it is an echo. What we only asked for does not count
  in it: a person may have returned as much, and Stripe refuse ours. Where the echo is faster than our call's answer the refunds are listed once too often.
- A refund that fails makes the booking list the payment's refunds: one by hand that stood in for it looked like its echo, and nobody is to pay a second time.
- What a failed refund left may go back later for another reason (a no-show, say): that row names the failed one.
- A checkout that is complete, and whose money went back while it still waits for money, ends like one that ran out: nobody can pay there any more.
- A session that we do not know is that of the checkout being made only where no other may stand unknown, its create skipped by a person.
- dispute.noted (funds withdrawn, updated) is recorded in the history only: its end decides. `prevented` is neither won nor lost: Stripe does not document whether the
  customer was credited. It is in front of a person, and refunds of its payment wait until the flag is settled.
- A verdict is not the end: lost and then won on appeal, the money is where it would be had it never been lost (waiting for the session, kept, shared by the decision
  that ended the booking, or on its way back). The verdict with the later moment counts, in whatever order they come.
- An older slot of a chain (one that a reschedule names, or that is older while a part of the chain is missing) is remembered as replaced, not only ignored: else the
  slot that it replaced in turn, coming last, began a second booking of the same customer. An older slot that only bears the claim, with no part missing, is somebody's own.
- A meeting's creation, told late, is an echo whatever became of the meeting; that it was restored (meeting.recovered), or was seen by a look, is not: a booking that is over
  deletes it again (404 is an end like any other), a confirmed one takes it back where it is the one that the slot lacks, and deletes it where another took its place.
- A meeting that is deleted at or after the slot's end is ignored: hosts tidy up, and the session is over. The reference flagged it, and the flag kept the booking open.
- A no-show recorded before the completion counts at it: the host's returns all, the guest's where the terms say so.
- The money of an operator's paid-outside entry cannot be returned by Stripe: its refund row waits for a person, flagged refund_failed.
- Money that people return twice (at Stripe and elsewhere) is booked as it happened: overpaid, flagged paid_twice_back. The reference knew that only for disputes.
- A look that finds an unwanted checkout still open expires it again: an expire that failed for good must not leave it open.
- A slot that moves to a place where Calendly makes the meeting (or back) changes the meeting with it: ours is deleted, or made.
- A payment intent's own event names no session: the open checkout is in doubt (no link, no call) until the session's own event, or reconciliation, tells; it is expired when
  the booking ends before that. It used to count as complete: money that came otherwise then left it open, and payable.
- A checkout's or meeting's create that was used up, or skipped by a person, may have landed: a booking that ends keeps checkout_failed (asked again) or gets checkout_open, meeting_left.
- A Zoom event about another meeting waits while a create is undecided, and a move by hand while our own move is: each would be lost before the answer it outran.
- A refund list that could not be had is flagged (activity_exhausted) and opened again: it may be the only news of a refund by hand.
- A meeting that is made after its slot's end sets the completion again: the one that found none has rung.
- REFUNDED after COMPLETED leaves slot and meeting alone: the session was held, or was due.
- An e-mail that is refused for good, or used up, is flagged activity_exhausted: a customer who does not know where to pay or join needs a person. One that is used
  up is opened again by reconciliation until its time is over. A webhook that no endpoint took is recorded only: an integration that is down must not put every
  booking in front of a person. Neither is the operator's own e-mail flagged: the flag it told of stands.
)";

} // namespace appointd::booking::prose
