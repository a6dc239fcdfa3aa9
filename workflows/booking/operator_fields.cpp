#include "workflows/booking/operator_fields.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace appointd::booking {
namespace {

constexpr std::array fields{
    OperatorField{"operator.cancel", "refund", FieldShape::refund_choice, false},
    OperatorField{"operator.refund", "amount", FieldShape::amount, true},
    OperatorField{"operator.refund", "payment", FieldShape::text, false},
    OperatorField{"operator.mark_paid", "amount", FieldShape::amount, true},
    OperatorField{"operator.mark_paid", "reference", FieldShape::text, true},
    OperatorField{"operator.mark_paid", "payment", FieldShape::text, false},
    OperatorField{"operator.refunded_elsewhere", "amount", FieldShape::amount, true},
    OperatorField{"operator.refunded_elsewhere", "reference", FieldShape::text, true},
    OperatorField{"operator.refunded_elsewhere", "payment", FieldShape::text, false},
    OperatorField{"operator.no_show", "who", FieldShape::person, true},
    OperatorField{"operator.resolve", "reason", FieldShape::text, true},
    OperatorField{"operator.resolve", "note", FieldShape::text, false},
    OperatorField{"operator.note", "text", FieldShape::text, true},
    OperatorField{"operator.retry", "activity", FieldShape::text, true},
    OperatorField{"operator.skip", "activity", FieldShape::text, true},
};

bool is_amount(const json::value& value) { return value.is_int64() && value.get_int64() > 0; }

bool is_one_of(const json::value& value, std::initializer_list<std::string_view> words) {
    if (!value.is_string()) return false;
    const std::string_view text(value.get_string().data(), value.get_string().size());
    return std::ranges::find(words, text) != words.end();
}

} // namespace

std::span<const OperatorField> operator_fields() { return fields; }

const OperatorField& operator_field(std::string_view event, std::string_view name) {
    const auto found =
        std::ranges::find_if(fields, [&](const auto& field) { return field.event == event && field.name == name; });
    if (found == fields.end()) throw std::logic_error(std::string(event) + " has no field " + std::string(name));
    return *found;
}

std::string_view complaint(FieldShape shape, const json::value& value) {
    switch (shape) {
    case FieldShape::amount: return is_amount(value) ? "" : "is no amount: a whole number of minor units above 0";
    case FieldShape::text: return value.is_string() && !value.get_string().empty() ? "" : "is not text";
    case FieldShape::refund_choice:
        return is_amount(value) || is_one_of(value, {"full", "policy", "none"})
                   ? ""
                   : "is none of full, policy, none, or an amount in minor units";
    case FieldShape::person: return is_one_of(value, {"guest", "host"}) ? "" : "is neither guest nor host";
    }
    return "";
}

} // namespace appointd::booking
