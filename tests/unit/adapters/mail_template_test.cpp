#include "adapters/notify/templates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace appointd::adapters::notify {
namespace {

using ::testing::HasSubstr;

const std::set<std::string, std::less<>> names{"who", "when", "late"};

std::string body(std::string_view text, const Values& values) {
    const auto made = Template::parse("Subject: s\n\n" + std::string(text), names);
    return made ? made->body(values) : "broken: " + made.error().message;
}
std::string fault(std::string_view text) {
    const auto made = Template::parse(text, names);
    return made ? "none" : made.error().message;
}

struct Folder {
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    void write(const std::string& name, std::string_view text) const { std::ofstream(path / name) << text; }
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("appointd-templates-" + std::to_string(::getpid()));
};

} // namespace

TEST(MailTemplate, PlaceholdersThenFilledAndSectionsShownOrNot) {
    EXPECT_EQ(body("Hello {{who}}!", {{"who", "Ann"}}), "Hello Ann!");
    EXPECT_EQ(body("{{#late}}late{{/late}}{{^late}}in time{{/late}}", {}), "in time");
    EXPECT_EQ(body("{{#late}}late{{/late}}{{^late}}in time{{/late}}", {{"late", "yes"}}), "late");
    EXPECT_EQ(body("{{#who}}{{#when}}{{who}} at {{when}}{{/when}}{{/who}}", {{"who", "Ann"}, {"when", "noon"}}), "Ann at noon");
    EXPECT_EQ(body("{{#who}}{{#when}}both{{/when}}{{/who}}", {{"who", "Ann"}}), "");
    EXPECT_EQ(body("a{{who}}b", {{"who", "{{when}}"}}), "a{{when}}b") << "a value is never read as a template";
}

TEST(MailTemplate, AMarkAloneOnItsLineThenLeavesNoLine) {
    EXPECT_EQ(body("one\n{{#late}}\ntwo\n{{/late}}\nthree\n", {{"late", "yes"}}), "one\ntwo\nthree\n");
    EXPECT_EQ(body("one\n{{#late}}\ntwo\n{{/late}}\nthree\n", {}), "one\nthree\n");
    EXPECT_EQ(body("one {{#late}}two{{/late}} three\n", {}), "one  three\n");
}

TEST(MailTemplate, WhatIsBrokenThenSaidWithItsLine) {
    EXPECT_THAT(fault("Hello"), HasSubstr("line 1"));
    EXPECT_THAT(fault("Subject: s\n\na\n{{whom}}"), HasSubstr("line 4: there is no placeholder \"whom\""));
    EXPECT_THAT(fault("Subject: {{who\n\n"), HasSubstr("line 1: {{ without }}"));
    EXPECT_THAT(fault("Subject: s\n\n{{#late}}\n"), HasSubstr("{{late}} is never closed"));
    EXPECT_THAT(fault("Subject: s\n\n{{/late}}\n"), HasSubstr("closes nothing"));
    EXPECT_THAT(fault("Subject: s\n\n{{#late}}{{#who}}{{/late}}{{/who}}"), HasSubstr("closes nothing"));
}

TEST(MailTemplates, DefaultsThenOneForEveryKindAndEachParses) {
    const auto all = Templates::load(std::nullopt);
    ASSERT_TRUE(all) << all.error().message;
    for (const std::string_view kind : mail_kinds) EXPECT_TRUE(all->find(kind)) << kind;
    EXPECT_EQ(default_templates().size(), mail_kinds.size());
    EXPECT_EQ(all->find("gossip"), nullptr);
}

TEST(MailTemplates, AFolderThenItsFilesReplaceOursAndABrokenOneIsNamed) {
    const Folder folder;
    folder.write("confirmed.txt", "Subject: Yes\r\n\r\nSee you, {{name}}.\r\n");
    const auto own = Templates::load(folder.path);
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ(own->find("confirmed")->body({{"name", "Ann"}}), "See you, Ann.\n");
    EXPECT_TRUE(own->find("reminder"));
    folder.write("moved.txt", "Subject: x\n\n{{nane}}");
    EXPECT_THAT(Templates::load(folder.path).error().message, HasSubstr("moved.txt, line 3"));
    folder.write("moved.txt", "Subject: x\n\n");
    folder.write("conifrmed.txt", "Subject: x\n\n");
    EXPECT_THAT(Templates::load(folder.path).error().message, HasSubstr("no e-mail is called conifrmed"));
    EXPECT_THAT(Templates::load(folder.path / "nowhere").error().message, HasSubstr("cannot read this folder"));
}

} // namespace appointd::adapters::notify
