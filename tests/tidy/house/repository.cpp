#include "tests/tidy/house/repository.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace appointd::tidy {

namespace {

namespace fs = std::filesystem;

const fs::path root = APPOINTD_SOURCE;

bool is_text(const fs::path& path) {
    constexpr std::array<std::string_view, 10> endings = {".cpp", ".hpp",  ".md",   ".sql", ".cmake",
                                                          ".txt", ".toml", ".json", ".yml", ".service"};
    return std::ranges::find(endings, path.extension().string()) != endings.end() || path.parent_path().filename() == "scripts";
}

SourceFile read(const fs::path& path) {
    SourceFile file;
    file.path = path.lexically_relative(root).string();
    std::ifstream stream(path);
    file.text.assign(std::istreambuf_iterator<char>(stream), {});
    std::istringstream lines(file.text);
    for (std::string line; std::getline(lines, line);) file.lines.push_back(line);
    return file;
}

void add_folder(const fs::path& folder, std::vector<SourceFile>& files) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.') || name == "node_modules" || name == "build" || name.starts_with("build-") ||
            name.starts_with("cmake-build"))
            continue;
        if (entry.is_directory())
            add_folder(entry.path(), files);
        else if (is_text(entry.path()))
            files.push_back(read(entry.path()));
    }
}

} // namespace

const std::vector<SourceFile>& repository() {
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> all;
        add_folder(root, all);
        std::ranges::sort(all, {}, &SourceFile::path);
        return all;
    }();
    return files;
}

bool exists(const std::string& path) { return fs::exists(root / path); }

std::string at(const SourceFile& file, std::size_t line_index, std::string_view message) {
    return file.path + ":" + std::to_string(line_index + 1) + ": " + std::string(message);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace appointd::tidy
