#pragma once

#include "foundation/json.hpp"
#include "foundation/result.hpp"
#include "net/http_message.hpp"

#include <string>
#include <string_view>

/// Answers in the one envelope: {"data": …, "error": {"code","message","details"} | null}.
namespace appointd::http {

net::Response reply(json::value data, int status = 200);
/// `text` is already JSON.
net::Response reply_text(std::string_view text, int status = 200);
/// `code` is listed in docs/errors.md.
net::Response problem(int status, std::string_view code, std::string_view message, json::value details = nullptr);
/// 503 with Retry-After.
net::Response try_again(std::string_view code, std::string_view message);
/// The same where the database did not tell.
net::Response unreadable();
/// Adds {"field","message"}.
void add_fault(json::array& faults, std::string_view field, std::string_view message);
/// 400 invalid_request with one {"field","message"} for each fault.
net::Response invalid(json::array faults);
net::Response invalid(std::string_view field, std::string_view message);

net::Response html(std::string body, int status = 200);
net::Response redirect(std::string_view location);

} // namespace appointd::http
