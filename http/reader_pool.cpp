#include "http/reader_pool.hpp"

namespace appointd::http {
namespace {
constexpr std::size_t max_waiting = 256;
}

ReaderPool::ReaderPool(boost::asio::any_io_executor executor, engine::Readers& readers, std::size_t threads,
                       std::chrono::milliseconds limit, Log log)
    : executor_(std::move(executor)), readers_(readers), limit_(limit), log_(std::move(log)) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

ReaderPool::~ReaderPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        jobs_.clear();
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool ReaderPool::enqueue(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || jobs_.size() >= max_waiting) return false;
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void ReaderPool::report(const Error& error) const {
    log_.warn("a question to the database failed", {{"code", error.code}, {"what", error.message}});
}

void ReaderPool::work() {
    std::unique_ptr<engine::Reader> reader;
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job(reader);
    }
}

} // namespace appointd::http
