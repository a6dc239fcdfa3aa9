#pragma once

#include "engine/ports/reader.hpp"
#include "foundation/log.hpp"
#include "foundation/result.hpp"
#include "http/completion.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace appointd::http {

/// Threads that ask the database, each with a session of its own: opened when first needed, and anew after a failure.
/// The queue is bounded; what does not fit, or takes too long, is an error and not a wait.
class ReaderPool {
public:
    ReaderPool(boost::asio::any_io_executor executor, engine::Readers& readers, std::size_t threads,
               std::chrono::milliseconds limit, Log log);
    /// Finishes the questions under way and drops the others.
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    /// Runs `question` on a thread of the pool. To be awaited on the executor; `limit` zero: the pool's own.
    /// Errors: what the reader says; reader_busy (queue full); reader_timeout; database_unavailable (no session, or it threw).
    template <class T> boost::asio::awaitable<Result<T>> ask(std::function<Result<T>(engine::Reader&)> question,
                                                             std::chrono::milliseconds limit = std::chrono::milliseconds(0)) {
        auto completion = std::make_shared<Completion<Result<T>>>(executor_);
        const bool queued = enqueue([this, completion, question = std::move(question)](std::unique_ptr<engine::Reader>& reader) {
            auto answer = std::make_shared<Result<T>>(attempt<T>(question, reader));
            boost::asio::post(executor_, [completion, answer] { completion->set(std::move(*answer)); });
        });
        if (!queued) co_return Error{"reader_busy", "Too many questions to the database are waiting; try again in a moment."};
        auto answer = co_await completion->wait(limit.count() == 0 ? limit_ : limit);
        if (!answer) co_return Error{"reader_timeout", "The database did not answer in time; try again in a moment."};
        co_return *std::move(answer);
    }

private:
    using Job = std::function<void(std::unique_ptr<engine::Reader>&)>;

    template <class T>
    Result<T> attempt(const std::function<Result<T>(engine::Reader&)>& question, std::unique_ptr<engine::Reader>& reader) {
        try {
            if (!reader) {
                auto opened = readers_.open();
                if (!opened) return failed<T>(opened.error(), reader);
                reader = *std::move(opened);
            }
            Result<T> answer = question(*reader);
            if (!answer) return failed<T>(answer.error(), reader);
            return answer;
        } catch (const std::exception& broken) {
            return failed<T>(Error{"database_unavailable", broken.what()}, reader);
        }
    }
    template <class T> Result<T> failed(Error error, std::unique_ptr<engine::Reader>& reader) {
        reader.reset(); // a fresh session next time
        report(error);
        return error;
    }

    bool enqueue(Job job);
    void report(const Error& error) const;
    void work();

    boost::asio::any_io_executor executor_;
    engine::Readers& readers_;
    const std::chrono::milliseconds limit_;
    const Log log_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace appointd::http
