#include "foundation/json.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace appointd {
namespace {

TEST(JsonPick, AbsentNullAndOtherTypesAreNothing) {
    const auto object =
        parse_object(R"({"text":"t","int":7,"big":18446744073709551615,"bool":true,"null":null,"at":"2026-12-01T09:00:00Z",)"
                     R"("object":{"a":1},"array":[1]})");
    ASSERT_TRUE(object);
    EXPECT_EQ(text_field(*object, "text"), "t");
    EXPECT_EQ(text_field(*object, "int"), std::nullopt);
    EXPECT_EQ(text_field(*object, "null"), std::nullopt);
    EXPECT_EQ(text_field(*object, "none"), std::nullopt);
    EXPECT_EQ(int_field(*object, "int"), 7);
    EXPECT_EQ(int_field(*object, "big"), std::nullopt);
    EXPECT_EQ(bool_field(*object, "bool"), true);
    EXPECT_EQ(bool_field(*object, "int"), std::nullopt);
    EXPECT_EQ(time_field(*object, "at"), parse_iso("2026-12-01T09:00:00Z"));
    EXPECT_EQ(time_field(*object, "text"), std::nullopt);
    EXPECT_NE(object_field(*object, "object"), nullptr);
    EXPECT_EQ(object_field(*object, "array"), nullptr);
    EXPECT_NE(array_field(*object, "array"), nullptr);
}

TEST(JsonParse, OnlyObjectsInUtf8AreTaken) {
    for (const std::string_view text : {"", " ", "null", "[]", "7", "\"a\"", "{", "{}x", "{\"a\":\"\xff\"}", "{'a':1}"})
        EXPECT_FALSE(parse_object(text)) << text;
    EXPECT_TRUE(parse_object(" {\"a\":\"\xc3\xbc\"} "));
}

TEST(JsonParse, DepthIsBounded) {
    const auto nested = [](int depth) {
        std::string text;
        for (int i = 0; i < depth; ++i) text += "{\"a\":";
        return text + "1" + std::string(static_cast<std::size_t>(depth), '}');
    };
    EXPECT_TRUE(parse_object(nested(60)));
    EXPECT_FALSE(parse_object(nested(70)));
}

TEST(JsonCanonical, EqualValuesHaveEqualText) {
    const auto text = [](std::string_view json_text) { return canonical(json::parse(json_text)); };
    EXPECT_EQ(text(R"({ "b": [1, 2.0, {"y":null,"x":true}], "a": "\u00fc" })"),
              text(R"({"a":"ü","b":[1.0,2,{"x":true,"y":null}]})"));
    EXPECT_EQ(text("1e2"), "100");
    EXPECT_NE(text("[1,2]"), text("[2,1]"));
    EXPECT_NE(text("\"1\""), text("1"));
    EXPECT_EQ(text(R"({"a":{}})"), R"({"a":{}})");
    EXPECT_EQ(text(R"([[],[]])"), R"([[],[]])");
}

} // namespace
} // namespace appointd
