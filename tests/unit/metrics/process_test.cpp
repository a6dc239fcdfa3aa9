#include "metrics/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

namespace appointd::metrics {

TEST(ProcessFacts, OfThisProcessThenTheyArePlausible) {
    const ProcessFacts facts = read_process_facts();
    const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    EXPECT_GT(facts.resident_bytes, 1'000'000);
    EXPECT_GT(facts.virtual_bytes, facts.resident_bytes);
    EXPECT_NEAR(facts.start_seconds, now, 600);
    EXPECT_GE(facts.cpu_seconds, 0);
    EXPECT_GE(facts.open_fds, 3);
    EXPECT_GT(facts.max_fds, facts.open_fds);
}

TEST(ProcessFacts, OneFileMoreThenOneDescriptorMore) {
    const double before = read_process_facts().open_fds;
    std::FILE* file = std::fopen("/proc/self/status", "r");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(read_process_facts().open_fds, before + 1);
    std::fclose(file);
}

} // namespace appointd::metrics
