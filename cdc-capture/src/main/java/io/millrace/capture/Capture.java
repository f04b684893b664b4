package io.millrace.capture;

import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.StateJournal;
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
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.capture.storage.S3ObjectStore;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import io.millrace.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    record Servers(ObjectStore storage, Destination stream, SchemaRegistry registry) {

        /** The ones that a pipeline names. Calls none of them yet. */
        static Servers of(CaptureConfig config) {
            Connections connections = config.connections();
            return new Servers(
                    new S3ObjectStore(
                            AwsClients.s3(connections.storage()),
                            connections.storage().location()),
                    destination(config.source(), connections),
                    GlueSchemaRegistry.connect(connections.schemaRegistry()));
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
        List<String> problems = SourceRules.problems(facts, config.tables(), config.slotName());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return facts;
    }

    /** A reader, ready to run. */
    DebeziumReader prepare(Servers servers) throws InterruptedException {
        check();
        SourceFacts facts = awaitFreeSlot();
        StateJournal journal = openJournal(servers.storage(), facts);
        awaitStream(servers.stream());
        return new DebeziumReader(
                config,
                journal,
                facts,
                new DebeziumReader.Outlets(servers.stream(), servers.registry(), servers.storage(), BACKOFF),
                meter);
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
        Set<String> tables = config.tables().stream()
                .map(table -> table.table().qualifiedName())
                .collect(Collectors.toSet());
        CaptureState state = StateJournal.read(storage, config.stateName());
        ResumePlan plan = ResumePlan.of(state, facts.slot(), tables);
        if (plan instanceof ResumePlan.Snapshot snapshot) {
            if (snapshot.incomplete()) {
                LOG.warn(
                        "Taking a new snapshot: {}. Rows deleted in between stay in the targets; run reconcile to find them",
                        snapshot.reason());
            } else {
                LOG.info("Taking a snapshot: {}", snapshot.reason());
            }
            StateJournal journal = StateJournal.startOver(storage, config.stateName(), state, tables);
            if (facts.slot() != null) {
                database.dropSlot();
            }
            return journal;
        }
        if (state == null) {
            throw new IllegalStateException("Cannot resume without a state");
        }
        LOG.info("Resuming after the last acknowledged change");
        return StateJournal.from(storage, config.stateName(), state);
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
