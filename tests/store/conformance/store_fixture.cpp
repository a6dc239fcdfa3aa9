#include "tests/store/conformance/store_fixture.hpp"

namespace appointd::test {

Uuid numbered_uuid(unsigned table, unsigned number) {
    Uuid id{};
    id.data[0] = static_cast<std::uint8_t>(table);
    for (std::size_t byte = 0; byte < 4; ++byte) id.data[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    return id;
}

WorkflowRow a_workflow(unsigned number, int revision) {
    WorkflowRow row;
    row.id = workflow_id(number);
    row.owner = "";
    row.kind = "booking";
    row.version = 1;
    row.state = "SCHEDULED";
    row.revision = revision;
    row.data = R"({"name":"Zoë \"Z\" \\ Ünal","note":"line\nbreak"})";
    row.timers = "{}";
    row.search = "zoe unal";
    row.created_at = at(static_cast<int>(number));
    row.changed_at = at(static_cast<int>(number) + revision);
    return row;
}

EventRow an_event(unsigned number, unsigned workflow, int seq) {
    EventRow row;
    row.id = event_id(number);
    row.workflow = workflow_id(workflow);
    row.seq = seq;
    row.source = "calendly";
    row.type = "slot.taken";
    row.occurred_at = at(1);
    row.received_at = at(2);
    row.decided_at = at(3);
    row.version = 1;
    row.batch = batch_id(number);
    row.disposition = Disposition::applied;
    row.reason = "a note";
    row.payload = R"({"invitee":"https://api.calendly.com/x\u0000y"})";
    row.result = "NONE>SCHEDULED";
    row.raw = "{\"raw\": \"\t tab and \x7f\"}";
    return row;
}

EventRow a_deferred(unsigned number, const CorrelationKey& waits_for, Time expires, std::optional<WorkflowId> workflow) {
    EventRow row = an_event(number, 1, 1);
    row.workflow = workflow;
    row.seq = std::nullopt;
    row.version = std::nullopt;
    row.disposition = Disposition::deferred;
    row.reason = "early";
    row.result.clear();
    if (!waits_for.get().empty()) row.waits_for = waits_for;
    row.address = R"({"unclaimed":"wait"})";
    row.expires_at = expires;
    return row;
}

ActivityRow an_activity(unsigned workflow, int seq, int n, const Lane& lane) {
    ActivityRow row;
    row.id = {.workflow = workflow_id(workflow), .seq = seq, .n = n};
    row.lane = lane;
    row.priority = 5;
    row.kind = "meeting.create";
    row.ready_at = at(0);
    row.request = R"({"topic":"Coaching"})";
    row.created_at = at(0);
    return row;
}

Claim a_claim(int now_seconds, int room, const Lane& lane) {
    return {.lane = lane, .now = at(now_seconds), .until = at(now_seconds + 30), .room = room, .versions = "booking/1"};
}

Writes::Freed freed(EventRow row, unsigned workflow, int seq, Disposition was) {
    row.workflow = workflow_id(workflow);
    row.seq = seq;
    row.version = 1;
    row.waits_for = std::nullopt;
    row.disposition = Disposition::applied;
    row.reason.clear();
    row.result = "A>B";
    row.decided_at = at(60);
    row.address.clear();
    row.expires_at = Time{};
    return {.row = std::move(row), .was = was};
}

std::string PostgresDatabase::emptied_url() {
    auto& cluster = PostgresCluster::of_this_program();
    static const std::string url = [&] {
        const std::string made = cluster.fresh_database();
        const auto migrated = persistence::migrate(made);
        if (!migrated) throw std::runtime_error(migrated.error().message);
        return made;
    }();
    // Few rows: deleting them is much faster than truncating.
    PostgresCluster::execute(url, "delete from workflow; delete from event; delete from activity; delete from correlation; "
                                  "delete from definition; delete from node");
    return url;
}

} // namespace appointd::test
