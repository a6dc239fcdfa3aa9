#include "workflows/booking/document.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace appointd::booking {
namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST(BookingDocument, IsTheOneInTheRepository) {
    const std::string path = APPOINTD_SOURCE_DIR "/docs/booking.md";
    if (std::getenv("APPOINTD_UPDATE_DOCS")) std::ofstream(path) << document();
    EXPECT_TRUE(contents(path) == document())
        << "docs/booking.md is stale: APPOINTD_UPDATE_DOCS=1 ctest -R booking_tests draws it anew";
}

TEST(BookingDocument, NamesEveryEventAndEveryReason) {
    const std::string text = document();
    for (const auto event : Booking::events) EXPECT_THAT(text, ::testing::HasSubstr("#### " + std::string(event) + "\n"));
    for (const auto reason : attention_reasons) EXPECT_THAT(text, ::testing::HasSubstr(std::string(reason)));
}

} // namespace appointd::booking
