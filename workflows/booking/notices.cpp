#include "workflows/booking/notices.hpp"

#include "workflows/booking/actions.hpp"
#include "workflows/booking/facts.hpp"
#include "workflows/booking/guards.hpp"

namespace appointd::booking {

namespace ask_if {

bool messages_owed(const Step& step) { return !step.data.owed.empty(); }
bool meant_for_operator(const Step& step) { return text_or_empty(request(step), "to") == "operator"; }
bool can_remind(const Step& step) {
    const Data& data = step.data;
    return data.terms.mail && !data.email.empty() && data.slot.phase == SlotPhase::held && data.slot.start &&
           step.input.now < *data.slot.start;
}

} // namespace ask_if

namespace act {

void mail_not_sent(Step& step) { note_failed_call(step, "mail.send", "activity_exhausted"); }

void tell(Step& step) {
    const std::string reason = step.note;
    notices::write_mails(step);
    notices::call_listeners(step, reason);
}

} // namespace act

} // namespace appointd::booking
