#include "adapters/notify/client.hpp"
#include "adapters/notify/letter.hpp"
#include "adapters/outcome.hpp"

namespace appointd::adapters::notify {
namespace {

/// The relay's words without the addresses that relays like to repeat, and as UTF-8, which they need not be: PostgreSQL stores no
/// other text.
std::string without_addresses(std::string_view said) {
    const std::string text = clean(said, true);
    const std::string_view words = text;
    std::string out;
    for (std::size_t begin = 0; begin < words.size();) {
        const auto end = std::min(words.find(' ', begin), words.size());
        const auto word = words.substr(begin, end - begin);
        if (!out.empty()) out += ' ';
        out += word.find('@') == std::string_view::npos ? word : std::string_view("…");
        begin = end + 1;
    }
    return out;
}

/// Codes about who we are: a person corrects the configuration, and the mail goes.
bool about_us(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

engine::AttemptResult outcome_of(const net::SmtpReply& reply, const std::string& id) {
    using Failure = net::SmtpReply::Failure;
    const std::string words = without_addresses(reply.words);
    if (reply.failure == Failure::not_sent) {
        auto unreachable = wait("mail_unreachable", words, Duration(0));
        unreachable.provider_ok = false;
        return unreachable;
    }
    if (reply.failure == Failure::unknown) {
        auto unanswered = retry("mail_no_answer", words);
        unanswered.provider_ok = false;
        return unanswered;
    }
    if (reply.accepted()) return succeeded({{"sent", true}, {"message_id", id}});
    const std::string code = "mail_" + std::to_string(reply.code);
    if (reply.code >= 500 && !about_us(reply.code)) return failed(code, words);
    return retry(code, words);
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
    auto result = outcome_of(reply, message_id(*config_.mail, attempt.id));
    if (!reply.accepted())
        world_.log.warn("mail was not taken",
                        {{"activity", engine::to_string(attempt.id)}, {"code", result.code}, {"message", result.message}});
    co_return result;
}

} // namespace appointd::adapters::notify
