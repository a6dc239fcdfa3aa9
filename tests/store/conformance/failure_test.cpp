#include "tests/store/conformance/cutting_proxy.hpp"
#include "tests/store/conformance/store_fixture.hpp"

namespace appointd::test {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// What only a server can do to its clients: break the line, at the worst moment too.
class PostgresFailures : public StoreSuite<PostgresDatabase> {
protected:
    void end_all_sessions() {
        PostgresCluster::execute(backend.url, "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                                              "where datname = current_database() and pid <> pg_backend_pid()");
    }
    Writes first_event() { return {.events = {an_event(1, 1, 1)}, .workflows = {{a_workflow(1), 0}}}; }
};

TEST_F(PostgresFailures, LostAcknowledgementIsUnknownAndTheBatchIdTellsThatItStood) {
    CuttingProxy proxy(port_of(backend.url));
    auto away = persistence::open_stores(with_port(backend.url, proxy.port())).value();
    const auto session = away.stores->open().value();
    ASSERT_EQ(write(*session, {.events = {an_event(9, 9, 1)}}, {.workflows = {workflow_id(1)}}).status, Commit::committed);

    const auto report = session->commit({.workflows = {workflow_id(1)}}, [&](Look&&) {
        proxy.cut_answer_of_request(2); // the write, then the commit
        return std::optional(first_event());
    });
    EXPECT_EQ(report.status, Commit::unknown) << report.detail;

    // The same session heals, and reads its own batch id back.
    Look seen;
    const auto again = session->commit({.workflows = {workflow_id(1)}, .events = {event_id(1)}}, [&](Look&& now) {
        seen = std::move(now);
        return std::nullopt;
    });
    EXPECT_EQ(again.status, Commit::abandoned) << again.detail;
    ASSERT_THAT(seen.seen, SizeIs(1));
    EXPECT_EQ(seen.seen[0].batch, batch_id(1));
}

TEST_F(PostgresFailures, ConnectionLostBeforeTheCommitWroteNothing) {
    CuttingProxy proxy(port_of(backend.url));
    auto away = persistence::open_stores(with_port(backend.url, proxy.port())).value();
    const auto session = away.stores->open().value();
    ASSERT_EQ(write(*session, {.events = {an_event(9, 9, 1)}}, {.workflows = {workflow_id(1)}}).status, Commit::committed);
    const auto report = session->commit({.workflows = {workflow_id(1)}}, [&](Look&&) {
        proxy.cut_answer_of_request(1);
        return std::optional(first_event());
    });
    EXPECT_EQ(report.status, Commit::unavailable) << report.detail;
    EXPECT_FALSE(reader->event(event_id(1)).value());
    EXPECT_EQ(write(*session, first_event()).status, Commit::committed);
}

TEST_F(PostgresFailures, SessionEndedInsideTheCommitIsUnknownAndStandsNot) {
    PostgresCluster::execute(backend.url,
                             "create or replace function end_me() returns trigger language plpgsql as "
                             "'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end'; "
                             "create constraint trigger end_at_commit after insert on workflow deferrable initially deferred "
                             "for each row execute function end_me()");
    const auto report = write(first_event());
    PostgresCluster::execute(backend.url, "drop trigger end_at_commit on workflow");
    EXPECT_EQ(report.status, Commit::unknown) << report.detail;
    EXPECT_THAT(look({.events = {event_id(1)}}).seen, SizeIs(0)); // asked again: it did not stand
    EXPECT_EQ(write(first_event()).status, Commit::committed);
}

TEST_F(PostgresFailures, SessionEndedWhileIdleCostsABatchNothing) {
    begin_workflow(1);
    ASSERT_TRUE(store->due(at(0), 1));
    ASSERT_TRUE(reader->ping());
    end_all_sessions();
    EXPECT_EQ(write({.workflows = {{a_workflow(1, 2), 1}}}).status, Commit::committed);
    EXPECT_TRUE(reader->ping()) << "readers ask again too";
    end_all_sessions();
    EXPECT_FALSE(store->due(at(0), 1)) << "a question that is polled anyway answers once that it could not";
    EXPECT_TRUE(store->due(at(0), 1));
}

TEST_F(PostgresFailures, DatabaseAwayIsUnavailableUntilItIsBack) {
    CuttingProxy proxy(port_of(backend.url));
    auto away = persistence::open_stores(with_port(backend.url, proxy.port())).value();
    const auto session = away.stores->open().value();
    const auto far_reader = away.readers->open().value();
    ASSERT_TRUE(far_reader->ping());
    proxy.set_away(true);
    EXPECT_EQ(write(*session, first_event()).status, Commit::unavailable);
    EXPECT_EQ(session->due(at(0), 1).error().code, "database_unavailable");
    EXPECT_EQ(far_reader->ping().error().code, "database_unavailable");
    proxy.set_away(false);
    EXPECT_EQ(write(*session, first_event()).status, Commit::committed);
    EXPECT_TRUE(far_reader->ping());
}

TEST_F(PostgresFailures, LockHeldTooLongIsAConflict) {
    begin_workflow(1);
    auto impatient = persistence::open_stores(backend.url, {.lanes = 1, .lock_timeout = 100ms}).value();
    const auto waiting = impatient.stores->open().value();
    store->commit({.workflows = {workflow_id(1)}}, [&](Look&&) {
        const auto report = write(*waiting, {.workflows = {{a_workflow(1, 2), 1}}}, {.workflows = {workflow_id(1)}});
        EXPECT_EQ(report.status, Commit::conflict) << report.detail;
        EXPECT_THAT(report.detail, HasSubstr("55P03"));
        return std::nullopt;
    });
    EXPECT_EQ(write(*waiting, {.workflows = {{a_workflow(1, 2), 1}}}).status, Commit::committed);
}

TEST_F(PostgresFailures, KeyTooLongForItsIndexIsBadData) {
    std::string random; // compressible text would fit
    for (unsigned number = 0; random.size() < 9000; ++number)
        random += to_string(make_event_id(at(0), "x", std::to_string(number)));
    EXPECT_EQ(write({.keys = {{key(random), workflow_id(1)}}}).status, Commit::bad_data);
    EXPECT_EQ(write({.keys = {{key("m"), workflow_id(1)}}}).status, Commit::committed);
}

TEST_F(PostgresFailures, MessagesHoldNeitherPasswordNorPayload) {
    const auto colon = backend.url.find(':', std::string("postgresql://").size()), sign = backend.url.find('@');
    std::string wrong = backend.url;
    wrong.replace(colon + 1, sign - colon - 1, "s3cret%20pass");
    const auto opened = persistence::open_stores(wrong);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "database_unavailable");
    EXPECT_THAT(opened.error().message, Not(HasSubstr("s3cret")));
    const auto odd = persistence::open_stores(wrong + "?nonsense=s3cret%20pass");
    EXPECT_THAT(odd.error().message, Not(HasSubstr("s3cret")));
    EventRow event = an_event(1, 1, 1);
    event.payload = "personal \xff data";
    EXPECT_THAT(write({.events = {event}}).detail, Not(HasSubstr("personal")));
}

/// One writer, several sessions in one process and beside it.
class SqliteFailures : public StoreSuite<SqliteDatabase> {};

TEST_F(SqliteFailures, ClaimWaitsForTheBatchThatIsBeingWritten) {
    begin_workflow(1);
    request(an_activity(1, 1, 0));
    const auto dispatcher = another_session();
    std::size_t claimed = 0;
    std::jthread thread;
    store->commit({}, [&](Look&&) {
        thread = std::jthread([&] { claimed = dispatcher->claim(a_claim(1)).value().size(); });
        std::this_thread::sleep_for(50ms); // time to run into the lock
        return std::optional(Writes{.events = {an_event(1, 1, 2)}});
    });
    thread.join();
    EXPECT_EQ(claimed, 1u);
}

TEST_F(SqliteFailures, AnotherProcessHoldingTheWriteLockIsAConflict) {
    // Opened apart, the two share no turn: as two processes would be.
    auto other = persistence::open_stores(backend.url, {.lock_timeout = 1000ms}).value();
    const auto outside = other.stores->open().value();
    store->commit({}, [&](Look&&) {
        EXPECT_EQ(write(*outside, {.events = {an_event(2, 2, 1)}}).status, Commit::conflict);
        EXPECT_EQ(outside->heartbeat(Uuid{}, at(0), at(0), "").error().code, "database_busy");
        return std::nullopt;
    });
    EXPECT_EQ(write(*outside, {.events = {an_event(2, 2, 1)}}).status, Commit::committed);
}

TEST_F(SqliteFailures, MissingFolderIsUnavailableAndSaysSo) {
    const auto opened = persistence::open_stores("sqlite:////nonexistent/folder/x.db");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "database_unavailable");
    EXPECT_THAT(opened.error().message, HasSubstr("unable to open"));
}

} // namespace appointd::test
