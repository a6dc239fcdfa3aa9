#include "engine/runtime/intake.hpp"

#include <chrono>
#include <iterator>
#include <map>

namespace appointd::engine {

bool Intake::push(Work&& work) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        if (from_outside(work)) {
            if (outside_.size() >= limits_.capacity) return false;
            const std::size_t bytes = bytes_of(work);
            if (!outside_.empty() && outside_bytes_ + bytes > limits_.capacity_bytes) return false;
            outside_bytes_ += bytes;
            outside_.push_back(std::move(work));
        } else {
            inside_.push_back(std::move(work));
        }
    }
    changed_.notify_one();
    return true;
}

void Intake::give_back(std::vector<Work>&& works) {
    const std::lock_guard lock(mutex_);
    inside_.insert(inside_.begin(), std::make_move_iterator(works.begin()), std::make_move_iterator(works.end()));
}

std::vector<Work> Intake::take() {
    std::unique_lock lock(mutex_);
    busy_ = false;
    changed_.wait(lock, [this] { return closed_ || !inside_.empty() || !outside_.empty(); });
    busy_ = !inside_.empty() || !outside_.empty();
    std::vector<Work> batch;
    std::size_t bytes = 0;
    std::map<Target, std::size_t> about; // how many of them
    for (auto* queue : {&inside_, &outside_}) {
        while (!queue->empty() && batch.size() < limits_.batch_events) {
            const std::size_t of_this = bytes_of(queue->front());
            bytes += of_this;
            if (!batch.empty() && bytes > limits_.batch_bytes) return batch;
            if (const auto target = target_of(queue->front()); target && ++about[*target] > limits_.batch_events_of_one)
                return batch;
            if (queue == &outside_) outside_bytes_ -= of_this;
            batch.push_back(std::move(queue->front()));
            queue->pop_front();
        }
    }
    return batch;
}

void Intake::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

void Intake::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return closed_; });
}

bool Intake::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

std::size_t Intake::waiting_outside() const {
    const std::lock_guard lock(mutex_);
    return outside_.size();
}

bool Intake::idle() const {
    const std::lock_guard lock(mutex_);
    return !busy_ && inside_.empty() && outside_.empty();
}

} // namespace appointd::engine
