#include "foundation/certificates.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace appointd {

namespace {

const std::string certificate = "-----BEGIN CERTIFICATE-----\n"
                                "MIIBdTCCARugAwIBAgIUdTLBn4EjIlaLMd2VQoxp13G4fqEwCgYIKoZIzj0EAwIw\n"
                                "DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjYwMzAyMzdaGA8yMTI2MTEwMjAzMDIz\n"
                                "N1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDvz\n"
                                "3ZkCIH4gQ7m3hVZyi7xi3JrUKNnO32fuOnyDVqmCGos1kSgBdRNZ6pCH0n2cbwtG\n"
                                "/eviTfvCpM/TBBFBSq2jUzBRMB0GA1UdDgQWBBTagCKDGPac5LDBbjJPHMbSbOju\n"
                                "PjAfBgNVHSMEGDAWgBTagCKDGPac5LDBbjJPHMbSbOjuPjAPBgNVHRMBAf8EBTAD\n"
                                "AQH/MAoGCCqGSM49BAMCA0gAMEUCIQD49wstCi7MN1yNxbqQKtZ5lQWaLBFfFHgq\n"
                                "zSACWVzgvgIgaKQGDsD0uuJSQ7gfCdj0NUOAYh1DEiSZg0eNXLtqbuQ=\n"
                                "-----END CERTIFICATE-----\n";

class Certificates : public testing::Test {
protected:
    ~Certificates() override { std::filesystem::remove(path); }
    Result<int> count(const std::string& content) {
        std::ofstream(path) << content;
        return count_certificates(path);
    }
    const std::string path =
        (std::filesystem::temp_directory_path() / ("appointd-certificates-" + std::to_string(::getpid()))).string();
};

} // namespace

TEST_F(Certificates, SomeThenCounted) {
    EXPECT_EQ(count(certificate).value(), 1);
    EXPECT_EQ(count("Subject: words between are usual\n" + certificate + "\n" + certificate).value(), 2);
}

TEST_F(Certificates, NoneThenSaidSo) {
    EXPECT_EQ(count("").error().code, "no_certificate");
    EXPECT_EQ(count("hello").error().code, "no_certificate");
    EXPECT_EQ(count("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n").error().code,
              "no_certificate");
}

TEST_F(Certificates, OneThatIsCutOffThenTheFileIsNotTaken) {
    EXPECT_EQ(count(certificate + certificate.substr(0, 200)).error().code, "no_certificate");
    std::string spoiled = certificate;
    spoiled[100] = spoiled[100] == 'A' ? 'B' : 'A';
    spoiled[60] = '!';
    EXPECT_EQ(count(spoiled).error().code, "no_certificate");
}

TEST_F(Certificates, NoFileThenNotReadable) { EXPECT_EQ(count_certificates(path).error().code, "not_readable"); }

TEST_F(Certificates, AFolderThenNotTaken) { EXPECT_FALSE(count_certificates(std::filesystem::temp_directory_path().string())); }

} // namespace appointd
