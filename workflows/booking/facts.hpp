#pragma once

#include "foundation/json.hpp"
#include "workflows/booking/kind.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What guards and actions share: reading the event under way, attention, calls, keys.
namespace appointd::booking {

// The event's payload; an outcome carries `request` and `result`.
std::string text(const Step& step, std::string_view name);    ///< empty where absent
std::int64_t number(const Step& step, std::string_view name); ///< 0 where absent
bool truth(const Step& step, std::string_view name);
const json::object& result(const Step& step);
const json::object& request(const Step& step);
/// When it happened, says the payload (`at`), else the event.
Time moment(const Step& step);

constexpr std::chrono::seconds seconds(std::int64_t count) { return std::chrono::seconds(count); }

void raise_flag(Step& step, std::string_view reason, std::string_view note = {});
void clear_flag(Data& data, std::string_view reason);
/// Something for the history, beside the row's own reason.
void remark(Step& step, std::string_view words);

/// Asks for an activity; false where this transition has no room left (the caller's row waits for the next one).
bool ask(Step& step, std::string_view kind, std::string_view provider, int priority, std::string request);
void raise(Step& step, std::string_view type, const json::object& payload);

void bind_invitee(Step& step, std::string_view uri);
void bind_payment(Step& step, std::string_view id);
void bind_meeting(Step& step, std::string_view id);

bool contains(const std::vector<std::string>& texts, std::string_view text);
void add_once(std::vector<std::string>& texts, std::string_view text);

/// The failed call that the event (operator.retry, an outcome) names, or null.
Call* failed_call(Step& step);
const Call* failed_call(const Step& step);
/// Notes a failed call and raises `flag` for it.
void note_failed_call(Step& step, std::string_view kind, std::string_view flag);
/// A call that had failed got through: its flag goes, unless another call holds it.
void forget_failed_call(Step& step);
/// Calls of a kind that nobody wants any more; those about one thing, where one is named.
void drop_failed_calls(Step& step, std::string_view kind);
void drop_failed_calls(Step& step, std::string_view kind, std::string_view about);

} // namespace appointd::booking
