#include "adapters/notify/client.hpp"
#include "adapters/notify/letter.hpp"
#include "adapters/outcome.hpp"

namespace appointd::adapters::notify {
namespace {

using Failure = net::SmtpReply::Failure;

/// Codes about who we are: a person corrects the configuration, and the mail goes.
bool about_us(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

/// What a person does about it comes first: words are cut at their end.
engine::AttemptResult unusable(std::string code, std::string advice, std::string_view words) {
    auto result = wait(std::move(code), advice + ": " + std::string(words), Duration(0));
    result.provider_ok = false;
    return result;
}

engine::AttemptResult not_handed_over(Failure failure, std::string_view words) {
    switch (failure) {
    case Failure::no_starttls:
        return unusable("mail_no_starttls",
                        "TLS is required and the relay offers no STARTTLS; look at mail.url and mail.starttls", words);
    case Failure::untrusted:
        return unusable("mail_untrusted",
                        "the relay's certificate is not trusted; look at the host in mail.url, at mail.ca_file and at its expiry",
                        words);
    case Failure::no_tls: return unusable("mail_no_tls", "no TLS with the relay; look at scheme and port of mail.url", words);
    case Failure::no_login:
        return unusable("mail_no_login",
                        "the relay offers no login (PLAIN, LOGIN) here; some do only inside TLS (mail.starttls), some want none "
                        "(mail.user)",
                        words);
    default: return unusable("mail_unreachable", "no connection to the relay in mail.url", words);
    }
}

engine::AttemptResult outcome_of(const net::SmtpReply& reply, const std::string& id) {
    const std::string words = clean(reply.words, true); // UTF-8, which a relay need not speak: PostgreSQL stores no other text
    if (reply.accepted()) return succeeded({{"sent", true}, {"message_id", id}});
    if (reply.failure == Failure::unknown) {
        auto unanswered = retry("mail_no_answer", words);
        unanswered.provider_ok = false;
        return unanswered;
    }
    if (reply.failure != Failure::none) return not_handed_over(reply.failure, words);
    const std::string code = "mail_" + std::to_string(reply.code);
    if (about_us(reply.code)) {
        auto refused = retry(code, "the relay refuses us; look at mail.user and mail.password: " + words);
        refused.provider_ok = false; // whoever knocks on and on with a wrong password is locked out
        return refused;
    }
    return reply.code >= 500 ? failed(code, words) : retry(code, words);
}

} // namespace

asio::awaitable<engine::AttemptResult> Client::send_mail(const engine::Attempt& attempt, const json::object& request,
                                                         Exchange& exchange) {
    if (!smtp_) co_return failed("mail_not_configured", "no relay is configured");
    const auto until = time_field(request, "until");
    if (until && world_.clock.now() >= *until) { // it would mislead by now
        const json::object moot{{"sent", false}, {"why", "too_late"}};
        co_return succeeded(moot);
    }
    auto message = compose(*config_.mail, attempt, request, zones_);
    if (!message) co_return failed("mail_" + message.error().code, message.error().message);
    const auto left = exchange.time_left();
    if (left.count() <= 0) co_return wait("deadline_passed", Exchange::too_late, Duration(0));
    message->timeout = left;
    const auto reply = co_await smtp_->send(std::move(*message));
    co_return outcome_of(reply, message_id(*config_.mail, attempt.id));
}

} // namespace appointd::adapters::notify
