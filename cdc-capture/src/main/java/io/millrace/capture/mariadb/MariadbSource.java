package io.millrace.capture.mariadb;

import io.millrace.capture.CaptureConfig;
import io.millrace.capture.ConfigurationException;
import io.millrace.capture.mariadb.MariadbFacts.Log;
import io.millrace.capture.offset.BinlogLogs;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.ResumePlan;
import io.millrace.capture.offset.SchemaLog;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.read.Reading;
import io.millrace.capture.read.SourceDatabase;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A MariaDB server as source. */
public final class MariadbSource implements SourceDatabase {
    /** For so long a server that is restarted is waited for by a capture that goes on. */
    private static final long PATIENCE_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(MariadbSource.class);

    private final CaptureConfig config;
    private final MariadbServer server;

    public MariadbSource(CaptureConfig config) {
        this.config = config;
        this.server = new MariadbServer(config);
    }

    @Override
    public void check() {
        MariadbFacts facts = server.inspect();
        refuse(MariadbRules.problems(facts, routes(facts)));
    }

    @Override
    public void checkToGoOn() {
        try {
            MariadbFacts facts = server.inspectWhenThere(PATIENCE_MILLIS);
            refuse(MariadbRules.problemsOfServer(facts));
            MariadbRules.problems(facts, routes(facts)).forEach(LOG::warn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while waiting for the database server", e);
        }
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private List<TableRoute> routes(MariadbFacts facts) {
        return config.routesOf(facts.tables().keySet());
    }

    @Override
    public Reading open(ObjectStore storage) {
        MariadbFacts facts = server.inspect();
        CaptureState state = StateJournal.read(storage, config.stateName());
        ResumePlan plan = MariadbResume.of(state, facts);
        StateJournal journal = plan instanceof ResumePlan.Snapshot snapshot
                ? startOver(storage, state, facts, snapshot)
                : goOn(storage, state, facts, plan);
        SchemaLog history =
                SchemaLog.open(storage, "capture/" + config.source().name() + "/tables/" + journal.snapshots());
        journal.precededBy(history::flush);
        BinlogHistory.offer(config.slotName(), history);
        return new MariadbReading(config, facts, journal);
    }

    private StateJournal startOver(
            ObjectStore storage, @Nullable CaptureState state, MariadbFacts facts, ResumePlan.Snapshot snapshot) {
        snapshot.tell(LOG);
        StateJournal journal = StateJournal.startOver(storage, config.stateName(), state, Map.of());
        BinlogLogs before = journal.logs();
        long first = facts.logs().stream().mapToLong(Log::number).findFirst().orElse(1);
        journal.writeLogs(
                MariadbResume.hasSameLogs(state, facts)
                        ? before.goingOn(facts.serverId())
                        : before.followedBy(facts.serverId(), first));
        return journal;
    }

    /** Tables that are new in the pipeline file, or match a pattern only now, are to be read; their changes are streamed. */
    private StateJournal goOn(ObjectStore storage, @Nullable CaptureState state, MariadbFacts facts, ResumePlan plan) {
        if (state == null) {
            throw new IllegalStateException("Cannot resume without a state");
        }
        StateJournal journal;
        if (plan instanceof ResumePlan.SnapshotBesideChanges unfinished) {
            unfinished.tell(LOG);
            journal = StateJournal.from(
                    storage,
                    config.stateName(),
                    state.besideChanges(state.shapes(), state.shapes().keySet()));
        } else {
            LOG.info("Resuming after the last acknowledged change");
            journal = StateJournal.from(storage, config.stateName(), state);
        }
        for (TableRoute route : routes(facts)) {
            TableId id = route.table();
            MariadbFacts.Table table = facts.tables().get(id);
            if (table != null && table.isTable() && !state.shapes().containsKey(id.qualifiedName())) {
                LOG.info("All rows of {} are to be read: it is new", id.qualifiedName());
                journal.note(id.qualifiedName(), new TableShape(0, List.of(), table.primaryKey(), 0, Set.of()), true);
            }
        }
        return journal;
    }
}
