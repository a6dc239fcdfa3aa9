#include "foundation/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace appointd {

Result<int> count_certificates(const std::string& path) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "r"), &BIO_free);
    if (!file) {
        ERR_clear_error();
        return Error{"not_readable", "cannot read " + path};
    }
    int count = 0;
    while (X509* certificate = PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)) {
        X509_free(certificate);
        ++count;
    }
    const auto last = ERR_peek_last_error(); // at the end of a good file: that no further certificate begins
    const bool broken = ERR_GET_LIB(last) != ERR_LIB_PEM || ERR_GET_REASON(last) != PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (count == 0 || broken) return Error{"no_certificate", path + " is no file of certificates in PEM form"};
    return count;
}

} // namespace appointd
