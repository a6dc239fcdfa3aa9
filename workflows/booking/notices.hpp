#pragma once

#include "workflows/booking/kind.hpp"

/// TELL: what people and programs learn of a transition. One place instead of an action in sixty rows: after every transition the
/// booking is compared with what was told. An echo changes nothing, so nobody hears of it twice.
namespace appointd::booking::notices {

/// E-mails to the invitee and the operator. Without a relay the history says what was not sent.
void write_mails(Step& step);
/// Standard Webhooks to the listeners of the terms; `reason` is the transition's own.
void call_listeners(Step& step, const std::string& reason);

/// The booking stands, and what is needed to come is known: the join link, where one is to be.
bool ready(State state, const Data& data);

/// Lanes of their own: a slow relay or listener holds up no provider and no other listener. Last in line.
constexpr int priority = 7;

} // namespace appointd::booking::notices
