package io.millrace.capture;

import io.millrace.capture.encode.avro.GlueAvroEncoder;
import io.millrace.capture.publish.kinesis.KinesisStream;
import io.millrace.capture.read.DebeziumReader;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.status.CaptureStatus;
import io.millrace.schemas.pipeline.Database;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** A capture whose storage and registry are a directory; runs in this JVM, or by {@link #main} in one of its own. */
final class TestCapture implements AutoCloseable {
    private final CaptureMeter meter = new CaptureMeter(Clock.systemUTC());
    private final DebeziumReader reader;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    TestCapture(CaptureConfig config, FileObjects objects) throws InterruptedException {
        reader = new Capture(config, meter)
                .prepare(new Capture.Servers(
                        objects,
                        new KinesisStream(
                                AwsClients.kinesis(config.connections().kinesis()), config.source().stream()),
                        snapshot -> new GlueAvroEncoder(new FileRegistry(objects))));
        thread = new Thread(() -> failure = reader.run(), "capture");
        thread.start();
    }

    /** Captures one table until it is killed: product, port, database, Kinesis's address, objects, schema, table, key. */
    public static void main(String[] args) throws InterruptedException {
        Database.Kind kind = Database.Kind.valueOf(args[0]);
        boolean postgres = kind == Database.Kind.POSTGRESQL;
        CaptureConfig config = TestDatabase.config(
                kind,
                Integer.parseInt(args[1]),
                args[2],
                postgres ? SourceServer.USER : MariaServer.USER,
                postgres ? SourceServer.PASSWORD : MariaServer.PASSWORD,
                new io.millrace.schemas.pipeline.Connections.Kinesis("us-east-1", args[3]),
                SourceServer.table(args[2], args[5], args[6], args[7]));
        TestCapture capture = new TestCapture(config, new FileObjects(Path.of(args[4])));
        capture.thread.join();
        System.exit(1);
    }

    CaptureStatus status() {
        return meter.status();
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void close() throws InterruptedException {
        reader.stop(20_000);
        thread.join(20_000);
    }
}
