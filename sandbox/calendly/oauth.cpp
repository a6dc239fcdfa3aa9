#include "sandbox/calendly/machine.hpp"

#include "foundation/digest.hpp"

#include <algorithm>

namespace appointd::sandbox::calendly {
namespace {

using namespace std::chrono_literals;

constexpr auto code_life = 10min;

/// BASE64URL(SHA256(verifier)) without padding, as PKCE S256 wants it.
std::string challenge_of(std::string_view verifier) {
    const std::string hex = sha256_hex(verifier);
    const auto nibble = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(nibble(hex[i]) * 16 + nibble(hex[i + 1]));
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

net::Response refused(int status, std::string_view code, std::string_view description) {
    return json_response(status, json::object{{"error", code}, {"error_description", description}});
}

/// Form or JSON, as one object of texts; nullopt for neither.
std::optional<json::object> body_of(const Call& call) {
    if (call.header("Content-Type").value_or("").find("json") != std::string::npos) return parse_object(call.body);
    const auto fields = form_decode(call.body);
    if (!fields) return std::nullopt;
    json::object out;
    for (const auto& [name, value] : *fields) out[name] = value;
    return out;
}

} // namespace

net::Response Machine::auth(const Call& call, Time now) {
    if (call.is("GET", {"oauth", "authorize"})) {
        const auto redirect = call.parameter("redirect_uri");
        if (call.parameter("client_id") != settings_.client_id || !redirect || call.parameter("response_type") != "code")
            return refused(400, "invalid_request", "The request is missing a required parameter.");
        Grant code{.id = ids_.token(43), .kind = Grant::Kind::code, .expires_at = now + code_life, .redirect_uri = *redirect};
        code.challenge = call.parameter("code_challenge").value_or("");
        code.scope = call.parameter("scope").value_or("default");
        code.created_at = now;
        Fields back{{"code", code.id}};
        if (const auto state = call.parameter("state")) back.emplace_back("state", *state);
        state_.grants.add(std::move(code));
        return redirect_response(with_query(*redirect, back));
    }
    if (call.is("POST", {"oauth", "token"})) return token(call, now);
    if (call.is("POST", {"oauth", "introspect"}) || call.is("POST", {"oauth", "revoke"})) {
        const auto body = body_of(call);
        if (!body || text_field(*body, "client_id") != settings_.client_id ||
            text_field(*body, "client_secret") != settings_.client_secret)
            return refused(call.segments[1] == "revoke" ? 403 : 401, "invalid_client", "Client authentication failed.");
        if (call.segments[1] == "introspect") return introspect(*body, now);
        if (Grant* grant = state_.grants.find(text_field(*body, "token").value_or(""))) grant->spent = true;
        return json_response(200, json::object{});
    }
    return error(404, "Resource Not Found", "The server could not find the requested resource.");
}

net::Response Machine::introspect(const json::object& body, Time now) const {
    const Grant* grant = state_.grants.find(text_field(body, "token").value_or(""));
    if (!grant || grant->spent || grant->kind == Grant::Kind::code || now >= grant->expires_at)
        return json_response(200, json::object{{"active", false}});
    return json_response(200, json::object{{"active", true},
                                           {"scope", grant->scope},
                                           {"client_id", settings_.client_id},
                                           {"token_type", "Bearer"},
                                           {"exp", unix_seconds(grant->expires_at)},
                                           {"iat", unix_seconds(grant->created_at)},
                                           {"owner", uri_of("users", settings_.user_id)},
                                           {"organization", uri_of("organizations", settings_.organization_id)}});
}

net::Response Machine::token(const Call& call, Time now) {
    static constexpr int tokens_per_minute = 8;
    if (!spend(tokens_, tokens_per_minute, now)) return rate_limited();
    const auto body = body_of(call);
    if (!body) return refused(400, "invalid_request", "The body cannot be read.");
    const bool known =
        call.has_basic(settings_.client_id, settings_.client_secret) ||
        (text_field(*body, "client_id") == settings_.client_id && text_field(*body, "client_secret") == settings_.client_secret);
    // A native client has no secret: its id and the PKCE verifier stand for it.
    const bool native = !known && text_field(*body, "client_id") == settings_.client_id && text_field(*body, "code_verifier");
    if (!known && !native) return refused(401, "invalid_client", "Client authentication failed.");
    const auto invalid_grant = [] {
        return refused(400, "invalid_grant", "The provided authorization grant is invalid, expired, or revoked.");
    };
    const std::string kind = text_field(*body, "grant_type").value_or("");
    if (kind == "authorization_code") {
        Grant* code = state_.grants.find(text_field(*body, "code").value_or(""));
        if (!code || code->kind != Grant::Kind::code || code->spent || now >= code->expires_at ||
            text_field(*body, "redirect_uri") != code->redirect_uri)
            return invalid_grant();
        const auto verifier = text_field(*body, "code_verifier");
        if (!code->challenge.empty() && (!verifier || challenge_of(*verifier) != code->challenge)) return invalid_grant();
        if (native && code->challenge.empty()) return invalid_grant();
        code->spent = true;
        return issue_tokens(code->scope, now);
    }
    if (kind == "refresh_token") {
        Grant* refresh = state_.grants.find(text_field(*body, "refresh_token").value_or(""));
        if (!refresh || refresh->kind != Grant::Kind::refresh || refresh->spent) return invalid_grant();
        refresh->spent = true; // single use: the pair rotates
        return issue_tokens(refresh->scope, now);
    }
    return refused(400, "unsupported_grant_type", "The authorization grant type is not supported.");
}

net::Response Machine::issue_tokens(const std::string& scope, Time now) {
    Grant access{.id = ids_.token(64), .kind = Grant::Kind::access, .expires_at = now + settings_.access_token_life};
    Grant refresh{.id = ids_.token(43), .kind = Grant::Kind::refresh, .expires_at = now + 10 * 365 * 24h};
    access.scope = refresh.scope = scope;
    access.created_at = refresh.created_at = now;
    json::object out{{"token_type", "Bearer"},
                     {"access_token", access.id},
                     {"refresh_token", refresh.id},
                     {"scope", scope},
                     {"created_at", unix_seconds(now)},
                     {"expires_in", std::chrono::floor<std::chrono::seconds>(settings_.access_token_life).count()},
                     {"owner", uri_of("users", settings_.user_id)},
                     {"organization", uri_of("organizations", settings_.organization_id)}};
    state_.grants.add(std::move(access));
    state_.grants.add(std::move(refresh));
    return json_response(200, out);
}

} // namespace appointd::sandbox::calendly
