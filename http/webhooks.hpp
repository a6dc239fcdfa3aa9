#pragma once

#include "http/services.hpp"

#include <string>
#include <string_view>

namespace appointd::http {

/// POST /webhooks/PROVIDER: 200 after the commit with what became of the event; 401, 400, 503 (docs/http-api.md).
Route webhook_route(const std::string& provider, const Translator& translator);

/// A webhook that the server refused before a handler saw it (413 and the like) counts as rejected too.
void count_refused_webhook(const Services& services, std::string_view path, int status);

} // namespace appointd::http
