#include "foundation/encoding.hpp"

#include <gtest/gtest.h>

namespace appointd {
namespace {

TEST(Percent, OnlyUnreservedCharactersStay) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode("a b/ü?"), "a%20b%2F%C3%BC%3F");
}

TEST(Percent, DecodingUndoesEncoding) {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("a+b%2b", true), "a b+");
}

TEST(Percent, BrokenEscapesAreRefused) {
    for (const auto* text : {"%", "%4", "abc%", "%zz", "%4g"}) EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

TEST(Form, OrderAndRepeatedNamesAreKept) {
    const Fields fields{{"metadata[booking_id]", "a b"}, {"x", "1&2=3"}, {"x", ""}};
    const auto text = form_encode(fields);
    EXPECT_EQ(text, "metadata%5Bbooking_id%5D=a%20b&x=1%262%3D3&x=");
    EXPECT_EQ(form_decode(text), fields);
}

TEST(Form, BareNamesAndEmptyPiecesAreRead) {
    const auto fields = form_decode("a&&b=1+2&");
    ASSERT_TRUE(fields);
    EXPECT_EQ(*fields, (Fields{{"a", ""}, {"b", "1 2"}}));
    EXPECT_EQ(find_field(*fields, "b"), "1 2");
    EXPECT_EQ(find_field(*fields, "c"), std::nullopt);
}

TEST(Form, TooManyFieldsAreRefused) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "a=1&";
    EXPECT_TRUE(form_decode(text));
    EXPECT_FALSE(form_decode(text + "a=1"));
    EXPECT_FALSE(form_decode("a=%4"));
}

TEST(Html, MarkupBecomesText) {
    EXPECT_EQ(escape_html(R"(<a href="x" title='y'>&</a>)"), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

} // namespace
} // namespace appointd
