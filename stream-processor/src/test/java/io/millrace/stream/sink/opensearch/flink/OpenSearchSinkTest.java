package io.millrace.stream.sink.opensearch.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.Connections;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.sink.opensearch.FakeOpenSearch;
import io.millrace.stream.sink.opensearch.IndexRoute;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.SinkFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenSearchSinkTest {
    private static final List<DeadLetter> LETTERS = new CopyOnWriteArrayList<>();

    private static final RowSchema SCHEMA = new RowSchema(
            List.of(new Column("id", Primitive.INT64, false), new Column("name", Primitive.STRING, true)));
    private static final RowSchema WIDER = new RowSchema(List.of(
            new Column("id", Primitive.INT64, false),
            new Column("name", Primitive.STRING, true),
            new Column("added", Primitive.BOOLEAN, true)));
    private static final RowSchema REFUSED = new RowSchema(
            List.of(new Column("id", Primitive.INT64, false), new Column("refuse", Primitive.STRING, true)));

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    private final FakeOpenSearch cluster;

    OpenSearchSinkTest() throws Exception {
        cluster = new FakeOpenSearch();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void writesUpsertsAndDeletesAndIgnoresWhatIsOlder() throws Exception {
        write(List.of(upsert(1, 10, "a"), upsert(2, 11, "b"), upsert(1, 20, "c"), upsert(1, 15, "old"), delete(2, 30)));

        assertThat(cluster.documents("orders")).containsOnlyKeys("1");
        assertThat(cluster.documents("orders").get("1")).hasToString("{\"id\":1,\"name\":\"c\"}");
    }

    @Test
    void makesTheIndexAndAddsColumnsToIt() throws Exception {
        write(List.of(
                upsert(1, 10, "a"), new RowChange.Upsert(key(2), new Row(WIDER, new Object[] {2L, "b", true}), 11, 0)));

        assertThat(cluster.index("orders")
                        .path("settings")
                        .path("index")
                        .path("gc_deletes")
                        .asText())
                .isEqualTo("1h");
        assertThat(cluster.index("orders").path("mappings").path("properties").fieldNames())
                .toIterable()
                .containsExactly("id", "name", "added");
    }

    @Test
    void aRefusedDocumentIsKeptAndStopsNothing() throws Exception {
        write(List.of(
                new RowChange.Upsert(key(1), new Row(REFUSED, new Object[] {1L, "x"}), 10, 0), upsert(2, 11, "b")));

        assertThat(cluster.documents("orders")).containsOnlyKeys("2");
        assertThat(LETTERS).singleElement().satisfies(letter -> {
            assertThat(letter.code()).isEqualTo(DeadLetterCode.DOCUMENT_REFUSED);
            assertThat(letter.key()).isEqualTo(key(1));
            byte[] sealed = Objects.requireNonNull(letter.raw()).data();
            assertThat(WireFormat.ROW_CHANGE.value(Arrays.copyOfRange(sealed, 1, sealed.length)))
                    .isInstanceOfSatisfying(
                            RowChange.Upsert.class,
                            upsert -> assertThat(upsert.row().value(1)).isEqualTo("x"));
        });
    }

    @Test
    void triesAgainWhileTheClusterIsBusy() throws Exception {
        cluster.answerBusy(3);

        write(many());

        assertThat(cluster.documents("orders")).hasSize(3000);
    }

    @Test
    void waitsForAClusterThatIsAway() throws Exception {
        cluster.stop();
        JobClient job = start(many());

        Awaitility.await().until(() -> job.getJobStatus().get().name().equals("RUNNING"));
        cluster.startAgain();

        job.getJobExecutionResult().get();
        assertThat(cluster.documents("orders")).hasSize(3000);
    }

    private static List<RowChange> many() {
        List<RowChange> changes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            changes.add(upsert(i, 10 + i, "x".repeat(2000)));
        }
        return changes;
    }

    @SuppressWarnings("deprecation") // The old interface is the shortest.
    private static final class Letters implements SinkFunction<DeadLetter> {
        private static final long serialVersionUID = 1L;

        @Override
        public void invoke(DeadLetter letter, Context context) {
            LETTERS.add(letter);
        }
    }

    private void write(List<RowChange> changes) throws Exception {
        LETTERS.clear();
        start(changes).getJobExecutionResult().get();
    }

    private JobClient start(List<RowChange> changes) throws Exception {
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(1);
        env.fromData(changes, WireType.of(WireFormat.ROW_CHANGE))
                .transform(
                        "write",
                        WireType.of(WireFormat.DEAD_LETTER),
                        new BulkOperator.Factory(
                                new Connections.OpenSearch(List.of(cluster.address()), null, null, 0),
                                IndexRoutes.of(Map.of("shop.public.orders", new IndexRoute("orders", Map.of())))))
                .addSink(new Letters());
        return env.executeAsync();
    }

    private static RowChange upsert(long id, long version, String name) {
        return new RowChange.Upsert(key(id), new Row(SCHEMA, new Object[] {id, name}), version, 0);
    }

    private static RowChange delete(long id, long version) {
        return new RowChange.Delete(key(id), version, 0);
    }

    private static RowKey key(long id) {
        return new RowKey("shop.public.orders", Long.toString(id));
    }
}
