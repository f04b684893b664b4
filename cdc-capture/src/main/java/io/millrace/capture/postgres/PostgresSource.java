package io.millrace.capture.postgres;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.ConfigurationException;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.read.Reading;
import io.millrace.capture.read.SourceDatabase;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.schemas.pipeline.TableRoute;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server as source. */
public final class PostgresSource implements SourceDatabase {
    private static final Duration SLOT_PATIENCE = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSource.class);

    private final CaptureConfig config;
    private final PostgresServer server;

    public PostgresSource(CaptureConfig config) {
        this.config = config;
        this.server = new PostgresServer(config);
    }

    @Override
    public void check() {
        SourceFacts facts = server.inspect();
        List<String> problems = SourceRules.problems(facts, routes(facts), config.slotName());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    @Override
    public void checkToGoOn() {
        SourceFacts facts = server.inspect();
        List<String> problems = SourceRules.problemsOfServer(facts, config.slotName());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        SourceRules.problems(facts, routes(facts), config.slotName()).forEach(LOG::warn);
    }

    @Override
    public Reading open(ObjectStore storage) throws InterruptedException {
        SourceFacts facts = awaitFreeSlot();
        StateJournal journal = openJournal(storage, facts);
        // One that is gone on from is left to TableFollower, which knows what was missed by a table that it has to add.
        if (journal.offsets().isEmpty() && !SourceRules.publicationComplete(facts, routes(facts))) {
            server.fitPublication(facts);
        }
        return new PostgresReading(config, server::inspect, journal, followed());
    }

    private List<TableRoute> routes(SourceFacts facts) {
        return config.routesOf(facts.tables().keySet());
    }

    private TableFollower.Settings followed() {
        return new TableFollower.Settings(config.source().name(), config.slotName(), config.tables(), server::connect);
    }

    private Map<String, TableShape> shapes() {
        try {
            return TableFollower.shapes(followed());
        } catch (SQLException e) {
            throw new ConfigurationException(List.of(
                    "Cannot read the catalog of database: " + config.database().name() + ". " + e.getMessage()));
        }
    }

    /** A server that lost its reader to a kill takes a moment to notice. */
    private SourceFacts awaitFreeSlot() throws InterruptedException {
        long giveUp = System.nanoTime() + SLOT_PATIENCE.toNanos();
        while (true) {
            SourceFacts facts = server.inspect();
            SourceFacts.Slot slot = facts.slot();
            if (slot == null || slot.activePid() == 0) {
                return facts;
            }
            if (System.nanoTime() > giveUp) {
                throw new ConfigurationException(List.of("Cannot use replication slot: " + config.slotName()
                        + ". Server process " + slot.activePid()
                        + " is reading it: another capture of this source runs. Stop it first"));
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private StateJournal openJournal(ObjectStore storage, SourceFacts facts) {
        CaptureState state = StateJournal.read(storage, config.stateName());
        ResumePlan plan = PostgresResume.of(state, facts);
        if (plan instanceof ResumePlan.Snapshot snapshot) {
            snapshot.tell(LOG);
            StateJournal journal = StateJournal.startOver(storage, config.stateName(), state, shapes());
            if (facts.slot() != null) {
                server.dropSlot();
            }
            return journal;
        }
        if (state == null) {
            throw new IllegalStateException("Cannot resume without a state");
        }
        if (plan instanceof ResumePlan.SnapshotBesideChanges unfinished) {
            unfinished.tell(LOG);
            return StateJournal.from(storage, config.stateName(), state.besideChanges(Map.of(), Set.of()));
        }
        LOG.info("Resuming after the last acknowledged change");
        StateJournal journal = StateJournal.from(storage, config.stateName(), state);
        if (state.shapes().isEmpty()) {
            // An earlier release did not remember shapes: the tables that it covered are taken as they are.
            Map<String, TableShape> covered = new HashMap<>(shapes());
            covered.keySet().retainAll(state.tables());
            journal.writeShapes(covered);
        }
        return journal;
    }
}
