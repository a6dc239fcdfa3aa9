#include "tests/model/booking/node.hpp"

#include <functional>
#include <string_view>

namespace appointd::model {
namespace {

class Bytes {
public:
    template <class T> void put(T value) { text_.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void put(const std::vector<std::uint32_t>& numbers) {
        put(static_cast<std::uint8_t>(numbers.size()));
        for (const auto number : numbers) put(number);
    }
    void put(Time time) { put(to_micros(time)); }
    void put(const std::string& text) {
        text_ += text;
        text_ += '\0';
    }
    Print print() {
        const auto first = std::hash<std::string_view>{}(text_);
        put(first);
        text_.insert(text_.begin(), 'x');
        return {first, std::hash<std::string_view>{}(text_)};
    }

private:
    std::string text_;
};

void put(Bytes& out, const Providers& world) {
    out.put(world.met);
    out.put(static_cast<std::uint8_t>(world.seats.size()));
    for (const Seat& seat : world.seats) {
        out.put(seat.start), out.put(seat.created), out.put(seat.canceled_at), out.put(seat.before), out.put(seat.next);
        out.put(seat.active), out.put(seat.by_host), out.put(seat.no_show), out.put(seat.ours);
    }
    out.put(static_cast<std::uint8_t>(world.sessions.size()));
    for (const Session& session : world.sessions) out.put(session.phase), out.put(session.charge);
    out.put(static_cast<std::uint8_t>(world.charges.size()));
    for (const Charge& charge : world.charges)
        out.put(charge.phase), out.put(charge.dispute), out.put(charge.amount), out.put(charge.session);
    out.put(static_cast<std::uint8_t>(world.backs.size()));
    for (const Back& back : world.backs) {
        out.put(back.phase), out.put(back.first), out.put(back.amount), out.put(back.charge), out.put(back.failed_late);
        out.put(back.ours);
    }
    out.put(static_cast<std::uint8_t>(world.meetings.size()));
    for (const Meeting& meeting : world.meetings)
        out.put(meeting.start), out.put(meeting.ended), out.put(meeting.live), out.put(meeting.running), out.put(meeting.used),
            out.put(meeting.unseen);
}

} // namespace

Print print_of(const Node& node, bool with_budget) {
    Bytes out;
    out.put(node.row), out.put(node.now), out.put(node.lost);
    out.put(node.calls), out.put(node.answers), out.put(node.mail), out.put(node.parked), out.put(node.closed);
    out.put(node.invitees), out.put(node.foreign), out.put(node.payments);
    put(out, node.world);
    if (with_budget) out.put(node.budget);
    return out.print();
}

} // namespace appointd::model
