#include "tests/unit/booking/desk.hpp"

#include "engine/runtime/replay.hpp"
#include "workflows/booking/definition.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

/// Histories of version 1, recorded once: each must fold to the recorded state, data and timers, byte for byte, for as long as
/// bookings of version 1 live. They are written anew (APPOINTD_UPDATE_DOCS=1) only while version 1 is not released.
namespace appointd::booking::testing {
namespace {

const std::string folder = APPOINTD_SOURCE_DIR "/tests/unit/booking/golden/";

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string record(const Fold& desk) {
    std::string out = "{\"state\":" + json::serialize(json::value(desk.workflow->state)) + ",\n\"data\":" + desk.workflow->data +
                      ",\n\"timers\":" + engine::encode_timers(desk.workflow->timers) + ",\n\"events\":[\n";
    for (const Line& line : desk.history) {
        const json::object row{{"type", line.type},
                               {"source", line.source},
                               {"occurred_at", to_micros(line.occurred_at)},
                               {"now", to_micros(line.now)},
                               {"seq", line.seq},
                               {"id", engine::to_string(line.id)},
                               {"disposition", line.disposition},
                               {"reason", line.reason},
                               {"step", line.step},
                               {"payload", json::parse(line.payload)}};
        out += json::serialize(row) + (&line == &desk.history.back() ? "\n" : ",\n");
    }
    return out + "]}\n";
}

Line read_line(const json::object& row) {
    Line line;
    line.type = row.at("type").as_string();
    line.source = row.at("source").as_string();
    line.payload = json::serialize(row.at("payload"));
    line.disposition = row.at("disposition").as_string();
    line.reason = row.at("reason").as_string();
    line.step = row.at("step").as_string();
    line.occurred_at = from_micros(row.at("occurred_at").as_int64());
    line.now = from_micros(row.at("now").as_int64());
    line.seq = static_cast<int>(row.at("seq").as_int64());
    line.id = engine::EventId(*engine::parse_uuid(row.at("id").as_string()));
    return line;
}

} // namespace

class Golden : public Desk {
protected:
    void whole_way() {
        book_confirmed();
        zoom("meeting.started", {{"uuid", "u1"}, {"at", to_iso(slot_start)}});
        zoom("participant.joined", {{"uuid", "u1"}, {"host", false}});
        desk.now = slot_end;
        ended(slot_end);
        zoom("recording.completed", {{"uuid", "u1"}, {"share_url", "https://zoom.us/rec/1"}});
    }
    void rescheduled_and_canceled() {
        book_confirmed();
        reschedule(1, 2, slot_start + 24h);
        desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
        desk.now = slot_start + 22h;
        cancel("invitee", desk.now, 2);
        refund_made();
        desk.succeed("meeting.delete", {{"done", "deleted"}});
    }
    void late_money() {
        book_abandoned();
        pay();
        refund_made("re_1", "pending");
        refund("refund.succeeded", "re_1", 12000, "pi_1", desk.data().money.refunds.front().id);
        refund("refund.failed", "re_1", 12000, "pi_1", desk.data().money.refunds.front().id);
    }
    void disputed() {
        book_confirmed();
        dispute("dispute.opened", "du_1", 5000);
        cancel("host");
        dispute("dispute.lost", "du_1", 5000);
        refund_made();
    }
    void wrong_sum() {
        book_pending();
        declined();
        pay("pi_1", 100);
        desk.ring("start");
        refund_made();
    }
    void used_up() {
        book_pending();
        pay();
        desk.fail("meeting.create", true);
        desk.ring("reconcile");
        meeting_made();
        operate("cancel", {{"refund", "policy"}});
        desk.fail("slot.cancel", false);
    }
};

TEST_F(Golden, HistoriesOfVersionOneFoldToTheSameBytes) {
    const std::map<std::string, std::function<void()>> stories{
        {"whole_way", [this] { whole_way(); }},   {"rescheduled_and_canceled", [this] { rescheduled_and_canceled(); }},
        {"late_money", [this] { late_money(); }}, {"disputed", [this] { disputed(); }},
        {"wrong_sum", [this] { wrong_sum(); }},   {"used_up", [this] { used_up(); }}};
    for (const auto& [name, tell] : stories) {
        SCOPED_TRACE(name);
        const std::string path = folder + name + ".json";
        if (std::getenv("APPOINTD_UPDATE_DOCS")) {
            desk = Fold(monday);
            tell();
            std::filesystem::create_directories(folder);
            std::ofstream(path) << record(desk);
        }
        const auto golden = parse_object(contents(path));
        ASSERT_TRUE(golden) << path << " is missing";
        const engine::Definitions definitions({definition()});
        engine::Replay replay(definitions, Fold(monday).id, "booking");
        for (const auto& value : golden->at("events").as_array()) ASSERT_TRUE(replay.take(row_of(read_line(value.as_object()))));
        if (const auto& first = replay.first_divergence())
            ADD_FAILURE() << first->seq << " " << first->type << ": " << first->recorded << " / " << first->replayed;
        EXPECT_EQ(replay.workflow().state, golden->at("state").as_string());
        EXPECT_EQ(json::serialize(json::parse(replay.workflow().data)), json::serialize(golden->at("data")));
        EXPECT_EQ(json::serialize(json::parse(engine::encode_timers(replay.timers()))), json::serialize(golden->at("timers")));
    }
}

TEST_F(Golden, FingerprintOfVersionOne) {
    const std::string path = folder + "fingerprint.txt";
    if (std::getenv("APPOINTD_UPDATE_DOCS")) std::ofstream(path) << definition().fingerprint << "\n";
    EXPECT_EQ(contents(path), definition().fingerprint + "\n") << "a released version never changes: add version 2";
}

} // namespace appointd::booking::testing
