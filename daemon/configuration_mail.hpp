#pragma once

#include "daemon/configuration_reader.hpp"
#include "net/smtp_client.hpp"

namespace appointd::daemon {

/// Names what is wrong with [mail], reads its templates, and warns of what will not do what was meant.
void check_mail(Configuration& configuration, Problems& problems);

/// The relay of a configuration that was checked.
net::SmtpRelay relay_of(const MailSettings& mail, const engine::Options& options);

} // namespace appointd::daemon
