package io.millrace.capture;

import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.encode.avro.GlueAvroEncoder;
import io.millrace.capture.encode.dms.DmsEncoder;
import io.millrace.capture.encode.json.DebeziumJsonEncoder;
import io.millrace.capture.follow.TableFollower;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.offset.TableShape;
import io.millrace.capture.preflight.ResumePlan;
import io.millrace.capture.preflight.SourceDatabase;
import io.millrace.capture.preflight.SourceFacts;
import io.millrace.capture.preflight.SourceRules;
import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Destination;
import io.millrace.capture.publish.StreamUnavailableException;
import io.millrace.capture.publish.kafka.KafkaTopic;
import io.millrace.capture.publish.kinesis.KinesisStream;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.read.TableSnapshot;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.status.CaptureStatus;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.capture.storage.S3ObjectStore;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a source, decides between going on and starting over, and puts the steps of a capture together. */
final class Capture {
    private static final Duration SLOT_PATIENCE = Duration.ofSeconds(20);
    private static final Duration STREAM_PATIENCE = Duration.ofSeconds(60);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private final CaptureConfig config;
    private final CaptureMeter meter;
    private final SourceDatabase database;

    /** The servers around a capture. */
    record Servers(ObjectStore storage, Destination stream, Function<SnapshotLsn, ChangeEncoder> encoder) {

        /** The ones that a pipeline names. Calls none of them yet. */
        static Servers of(CaptureConfig config) {
            Connections connections = config.connections();
            return new Servers(
                    new S3ObjectStore(
                            AwsClients.s3(connections.storage()),
                            connections.storage().location()),
                    destination(config.source(), connections),
                    snapshot -> encoder(config, snapshot));
        }

        private static ChangeEncoder encoder(CaptureConfig config, SnapshotLsn snapshot) {
            Source source = config.source();
            return switch (source.format()) {
                case DEBEZIUM_AVRO ->
                    new GlueAvroEncoder(
                            GlueSchemaRegistry.connect(config.connections().schemaRegistry()));
                case DEBEZIUM_JSON -> new DebeziumJsonEncoder(source.inlineSchema());
                case DMS_JSON -> new DmsEncoder(config.slotName(), source.beforeImage(), snapshot);
            };
        }

        private static Destination destination(Source source, Connections connections) {
            return switch (source.transport()) {
                case KINESIS -> new KinesisStream(AwsClients.kinesis(connections.kinesis()), source.stream());
                case KAFKA -> new KafkaTopic(connections.kafka(), source.stream());
            };
        }
    }

    Capture(CaptureConfig config, CaptureMeter meter) {
        this.config = config;
        this.meter = meter;
        this.database = new SourceDatabase(config);
    }

    /**
     * Looks for everything that would make the capture fail.
     *
     * @throws ConfigurationException with all of it, if there is anything
     */
    SourceFacts check() {
        SourceFacts facts = database.inspect();
        List<String> problems = SourceRules.problems(facts, config.routesOf(facts), config.slotName());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return facts;
    }

    /** The same for a capture that goes on: tables that have changed are told of, and do not stop the others. */
    private void checkToGoOn() {
        SourceFacts facts = database.inspect();
        List<String> problems = SourceRules.problemsOfServer(facts, config.slotName());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        SourceRules.problems(facts, config.routesOf(facts), config.slotName()).forEach(LOG::warn);
    }

    /** A reader, ready to run. */
    DebeziumReader prepare(Servers servers) throws InterruptedException {
        CaptureState before = StateJournal.read(servers.storage(), config.stateName());
        if (before == null || before.offsets().isEmpty()) {
            check();
        } else {
            checkToGoOn();
        }
        SourceFacts facts = awaitFreeSlot();
        StateJournal journal = openJournal(servers.storage(), facts);
        if (facts.publication() == null && config.routesOf(facts).isEmpty()) {
            database.createPublication();
            facts = database.inspect();
        }
        awaitStream(servers.stream());
        DebeziumReader.Outlets outlets = new DebeziumReader.Outlets(
                servers.stream(), () -> servers.encoder().apply(journal), servers.storage(), BACKOFF);
        TableSnapshot snapshot = new TableSnapshot(config, facts, outlets, new CaptureMeter(Clock.systemUTC()));
        TableFollower follower = new TableFollower(
                followed(), journal, () -> meter.status().state() == CaptureStatus.State.STREAMING, snapshot::read);
        return new DebeziumReader(config, journal, facts, outlets, meter, follower);
    }

    private TableFollower.Settings followed() {
        return new TableFollower.Settings(
                config.source().name(), config.slotName(), config.tables(), database::connect);
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
            SourceFacts facts = database.inspect();
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
        ResumePlan plan = ResumePlan.of(state, facts.slot());
        if (plan instanceof ResumePlan.Snapshot snapshot) {
            if (snapshot.incomplete()) {
                LOG.warn(
                        "Taking a new snapshot: {}. Rows deleted in between stay in the targets; run reconcile to find them",
                        snapshot.reason());
            } else {
                LOG.info("Taking a snapshot: {}", snapshot.reason());
            }
            StateJournal journal = StateJournal.startOver(storage, config.stateName(), state, shapes());
            if (facts.slot() != null) {
                database.dropSlot();
            }
            return journal;
        }
        if (state == null) {
            throw new IllegalStateException("Cannot resume without a state");
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

    private void awaitStream(Destination stream) throws InterruptedException {
        long giveUp = System.nanoTime() + STREAM_PATIENCE.toNanos();
        while (true) {
            try {
                if (stream.createdAndActive(config.source().shards())) {
                    return;
                }
            } catch (StreamUnavailableException e) {
                if (System.nanoTime() > giveUp) {
                    throw e;
                }
                LOG.warn("{}; trying again", e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
