package io.millrace.stream;

import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.KeySource;
import io.millrace.schemas.pipeline.Checkpoints;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.Sequencing;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.pipeline.TableRoute;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Pipelines for tests. */
public final class TestPipelines {

    /** As a pipeline file says that says nothing. */
    public static final EventTime EVENT_TIME = new EventTime(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            new Lateness(Duration.ofHours(2), Lateness.Policy.DEAD_LETTER),
            Map.of());

    /** The same. */
    public static final Sequencing SEQUENCING = new Sequencing(Duration.ofMinutes(10), Duration.ofDays(7));

    private TestPipelines() {}

    /** One source with one table; its servers are not there. */
    public static Pipeline orders(String storage) {
        return orders(storage, TableRoute.OnTruncate.DEAD_LETTER);
    }

    /** The same, and what becomes of truncations. */
    public static Pipeline orders(String storage, TableRoute.OnTruncate onTruncate) {
        return orders(storage, Quality.NONE, KeySource.NONE, onTruncate);
    }

    /** The same with masks and rules. */
    public static Pipeline orders(String storage, Quality quality, KeySource masking) {
        return orders(storage, quality, masking, TableRoute.OnTruncate.DEAD_LETTER);
    }

    private static Pipeline orders(
            String storage, Quality quality, KeySource masking, TableRoute.OnTruncate onTruncate) {
        return new Pipeline(
                "orders",
                List.of(new Source(
                        "shop", Source.Format.DEBEZIUM_AVRO, Source.Transport.KINESIS, "millrace-shop", 1, null)),
                EVENT_TIME,
                SEQUENCING,
                new Checkpoints(Duration.ofMillis(100), Duration.ZERO),
                List.of(new TableRoute(
                        new TableId("shop", "public", "orders"),
                        List.of("id"),
                        Map.of(),
                        new TableRoute.IcebergTarget("shop", "orders", List.of(), 2, false),
                        new TableRoute.OpenSearchTarget("orders"),
                        Map.of(),
                        quality,
                        onTruncate)),
                new Connections(
                        new Connections.Kinesis("us-east-1", "http://127.0.0.1:1"),
                        null,
                        new Connections.SchemaRegistry("us-east-1", "http://127.0.0.1:1", "millrace"),
                        new Connections.Storage("us-east-1", "http://127.0.0.1:1", storage),
                        new Connections.Iceberg("millrace", Map.of("type", "hadoop", "warehouse", storage)),
                        new Connections.OpenSearch(List.of("http://127.0.0.1:1"), null, null, 0)),
                masking);
    }
}
