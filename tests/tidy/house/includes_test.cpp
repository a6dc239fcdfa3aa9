#include "tests/tidy/house/repository.hpp"
#include "tests/tidy/house/rooms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

namespace appointd::tidy {

namespace {

struct Include {
    std::string target;
    bool quoted = false;
};

std::optional<Include> include_in(const std::string& line) {
    if (!line.starts_with("#include")) return std::nullopt;
    const auto begin = line.find_first_of("\"<");
    if (begin == std::string::npos) return std::nullopt;
    const auto end = line.find_first_of("\">", begin + 1);
    if (end == std::string::npos) return std::nullopt;
    return Include{line.substr(begin + 1, end - begin - 1), line[begin] == '"'};
}

template <class F> void each_include(F visit) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code()) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (const auto include = include_in(file.lines[i])) visit(file, i, *include);
        }
    }
}

bool allowed(const Room& room, std::string_view target) {
    const auto within = [&](std::string_view folder) { return target.starts_with(std::string(folder) + "/"); };
    return within(room.folder) || std::ranges::any_of(room.may_include, within);
}

} // namespace

TEST(Includes, OfOursThenWrittenFromTheRootAndThere) {
    each_include([](const SourceFile& file, std::size_t line, const Include& include) {
        if (!include.quoted) return;
        EXPECT_TRUE(include.target.find('/') != std::string::npos && exists(include.target))
            << at(file, line, "write the include from the root: \"room/file.hpp\"");
    });
}

TEST(Includes, OfOursThenOnlyFromRoomsThatThisOneMayKnow) {
    each_include([](const SourceFile& file, std::size_t line, const Include& include) {
        const Room* room = room_of(file.path);
        if (!include.quoted || room == nullptr) return;
        EXPECT_TRUE(allowed(*room, include.target))
            << at(file, line, std::string(room->folder) + " may not include " + include.target);
    });
}

TEST(Includes, OfOthersThenOnlyInTheRoomsThatWrapThem) {
    each_include([](const SourceFile& file, std::size_t line, const Include& include) {
        const Room* room = room_of(file.path);
        if (include.quoted || room == nullptr) return;
        const auto is = [&](std::string_view library) { return include.target.starts_with(library); };
        if (std::ranges::none_of(guarded_libraries(), is)) return;
        EXPECT_TRUE(std::ranges::any_of(room->may_use, is))
            << at(file, line, std::string(room->folder) + " may not use " + include.target);
    });
}

TEST(Rooms, EveryCodeFileThenInARoomOrATest) {
    for (const SourceFile& file : repository()) {
        if (!file.is_code() || file.under("tests") || file.under("bench")) continue;
        EXPECT_NE(room_of(file.path), nullptr) << file.path << ": lies in no room of tests/tidy/house/rooms.cpp";
    }
}

} // namespace appointd::tidy
