package io.millrace.capture;

import io.millrace.capture.encode.ChangeEncoder;
import io.millrace.capture.encode.SnapshotOrder.SnapshotLsn;
import io.millrace.capture.encode.avro.GlueAvroEncoder;
import io.millrace.capture.encode.dms.DmsEncoder;
import io.millrace.capture.encode.json.DebeziumJsonEncoder;
import io.millrace.capture.mariadb.MariadbSource;
import io.millrace.capture.offset.CaptureState;
import io.millrace.capture.offset.StateJournal;
import io.millrace.capture.postgres.PostgresSource;
import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.Destination;
import io.millrace.capture.publish.StreamUnavailableException;
import io.millrace.capture.publish.kafka.KafkaTopic;
import io.millrace.capture.publish.kinesis.KinesisStream;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.read.Reading;
import io.millrace.capture.read.SourceDatabase;
import io.millrace.capture.read.TableSnapshot;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.status.CaptureStatus;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.capture.storage.S3ObjectStore;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a source, decides between going on and starting over, and puts the steps of a capture together. */
final class Capture {
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
        this.database = switch (config.database().kind()) {
            case POSTGRESQL -> new PostgresSource(config);
            case MARIADB -> new MariadbSource(config);
        };
    }

    /**
     * Looks for everything that would make the capture fail.
     *
     * @throws ConfigurationException with all of it, if there is anything
     */
    void check() {
        database.check();
    }

    /** A reader, ready to run. */
    DebeziumReader prepare(Servers servers) throws InterruptedException {
        CaptureState before = StateJournal.read(servers.storage(), config.stateName());
        if (before == null || before.offsets().isEmpty()) {
            database.check();
        } else {
            database.checkToGoOn();
        }
        Reading reading = database.open(servers.storage());
        awaitStream(servers.stream());
        DebeziumReader.Outlets outlets = new DebeziumReader.Outlets(
                servers.stream(), () -> servers.encoder().apply(reading.journal()), servers.storage(), BACKOFF);
        TableSnapshot again = new TableSnapshot(config, reading, outlets, new CaptureMeter(Clock.systemUTC()));
        return new DebeziumReader(
                config,
                reading,
                outlets,
                meter,
                reading.companion(() -> meter.status().state() == CaptureStatus.State.STREAMING, again));
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
