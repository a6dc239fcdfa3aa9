#include "daemon/configuration_mail.hpp"

#include "adapters/notify/message.hpp"
#include "foundation/certificates.hpp"
#include "net/loopback.hpp"

#include <charconv>

namespace appointd::daemon {

namespace {

constexpr std::string_view host_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

/// smtp://host:port or smtps://host:port, and no more: a password in it would be shown, a path would be our name to the relay.
bool is_relay(std::string_view url) {
    const bool secure = url.starts_with("smtps://");
    if (!secure && !url.starts_with("smtp://")) return false;
    std::string_view rest = url.substr(secure ? 8 : 7);
    const auto colon = rest.rfind(':');
    if (colon == std::string_view::npos) return false;
    const auto digits = rest.substr(colon + 1);
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535) return false;
    rest = rest.substr(0, colon);
    if (rest.starts_with('[') && rest.ends_with(']'))
        return rest.size() > 4 && rest.substr(1, rest.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == rest.npos;
    return !rest.empty() && rest.find_first_not_of(host_characters) == std::string_view::npos;
}

bool wants_starttls(const MailSettings& mail) {
    return mail.starttls == "required" || (mail.starttls == "auto" && !net::is_loopback_url(mail.url));
}

void check_relay(const MailSettings& mail, Problems& problems) {
    if (!is_relay(mail.url)) problems.add("mail.url", "expected smtp://host:port or smtps://host:port, and nothing else in it");
    if (mail.from.empty())
        problems.add("mail.from", "is required with mail.url: who the e-mails are from");
    else if (const auto from = adapters::notify::parse_mailbox(mail.from); !from)
        problems.add("mail.from", from.error().message);
    if (!mail.operator_address.empty() && !adapters::notify::is_address(mail.operator_address))
        problems.add("mail.operator", "expected one address like desk@example.org");
    if (mail.user.empty() != mail.password.empty()) problems.add("mail.user", "set both mail.user and mail.password, or neither");
    if (mail.ca_file.empty()) return;
    if (const auto certificates = count_certificates(mail.ca_file); !certificates)
        problems.add("mail.ca_file", certificates.error().message);
}

void warn(const MailSettings& mail, std::vector<std::string>& warnings) {
    if (mail.operator_address.empty())
        warnings.emplace_back("mail.operator is not set: nobody is written to when a booking needs a person");
    const bool secure = mail.url.starts_with("smtps://"), in_the_clear = !secure && !wants_starttls(mail);
    if (in_the_clear && !net::is_loopback_url(mail.url))
        warnings.emplace_back("mail.starttls is never: e-mails and the password of the relay cross the network in the clear");
    if (in_the_clear && !mail.ca_file.empty())
        warnings.emplace_back("mail.ca_file does nothing without TLS: set mail.starttls = \"required\", or take it out");
    if (!secure && mail.url.ends_with(":465"))
        warnings.emplace_back("mail.url: on port 465 relays speak TLS from the first byte; write smtps:// if this one does");
    if (secure && (mail.url.ends_with(":587") || mail.url.ends_with(":25")))
        warnings.emplace_back(
            "mail.url: on ports 587 and 25 relays begin in the clear, with STARTTLS; write smtp:// if this one does");
}

} // namespace

void check_mail(Configuration& configuration, Problems& problems) {
    MailSettings& mail = configuration.mail;
    if (mail.starttls != "auto" && mail.starttls != "required" && mail.starttls != "never")
        problems.add("mail.starttls", "expected auto, required or never");
    if (mail.can_send()) check_relay(mail, problems);
    const auto folder = mail.templates.empty() ? std::nullopt : std::optional<std::filesystem::path>(mail.templates);
    auto templates = adapters::notify::Templates::load(folder);
    if (templates)
        mail.loaded = std::make_shared<const adapters::notify::Templates>(std::move(*templates));
    else
        problems.add("mail.templates", templates.error().message);
    if (mail.can_send()) return warn(mail, configuration.warnings);
    if (!configuration.session_types.empty())
        configuration.warnings.emplace_back(
            "mail.url is not set: nobody is written to; who books straight on Calendly does not learn where to pay");
}

net::SmtpRelay relay_of(const MailSettings& mail, const engine::Options& options) {
    net::SmtpRelay relay{.url = mail.url,
                         .user = mail.user,
                         .password = mail.password.reveal(),
                         .starttls = wants_starttls(mail),
                         .ca_file = mail.ca_file};
    if (const auto throttle = options.throttles.find("mail"); throttle != options.throttles.end())
        relay.connections = throttle->second.in_flight;
    return relay;
}

} // namespace appointd::daemon
