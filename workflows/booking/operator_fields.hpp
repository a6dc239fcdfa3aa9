#pragma once

#include "foundation/json.hpp"

#include <span>
#include <string_view>

/// What the payloads of operator events hold: the one table behind the admin API's checks and the command line's options.
/// docs/events.md says what each event does.
namespace appointd::booking {

enum class FieldShape {
    amount,        ///< a whole number of minor units above 0
    text,          ///< not empty
    refund_choice, ///< full, policy, none, or an amount
    person         ///< guest or host
};

struct OperatorField {
    std::string_view event, name;
    FieldShape shape;
    bool required;
};

std::span<const OperatorField> operator_fields();
/// Throws std::logic_error where there is none: names are written into code.
const OperatorField& operator_field(std::string_view event, std::string_view name);

/// Empty where `value` fits; else what is wrong, to be read behind the field's name.
std::string_view complaint(FieldShape shape, const json::value& value);

} // namespace appointd::booking
