package io.millrace.stream.fit.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which changes pass, and what is kept of the others. */
class FitFunctionTest {
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("refused", WireType.of(WireFormat.DEAD_LETTER));
    private static final AtomicInteger OUTAGES_LEFT = new AtomicInteger();

    @BeforeEach
    void isThere() {
        OUTAGES_LEFT.set(0);
    }

    @Test
    void refusedChangeKeepsItsRecordAndStopsNoOtherTable() throws Exception {
        try (Harness harness = new Harness()) {
            DecodedChange refused = upsert("broken", "small");
            harness.processElement(refused, 0);
            harness.processElement(upsert("sound", "small"), 0);

            assertThat(harness.extractOutputValues())
                    .extracting(passed -> passed.change().table().name())
                    .containsExactly("sound");
            assertThat(harness.getSideOutput(REFUSED))
                    .singleElement()
                    .extracting(StreamRecord::getValue)
                    .satisfies(letter -> {
                        assertThat(letter.code()).isEqualTo(DeadLetterCode.INCOMPATIBLE_SCHEMA);
                        assertThat(letter.reason()).isEqualTo("Cannot fit: it is broken");
                        assertThat(letter.raw()).isEqualTo(refused.raw());
                        assertThat(letter.position()).isEqualTo(new SourcePosition(7, 42));
                    });
        }
    }

    /** A later change may leave out what this one has changed: it must not be filled in from before. */
    @Test
    void newsOfARefusedLargeRowGoesOn() throws Exception {
        try (Harness harness = new Harness()) {
            harness.processElement(upsert("broken", "large ".repeat(1000)), 0);

            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(news -> assertThat(news.refused()).isTrue());
        }
    }

    @Test
    void deletesPass() throws Exception {
        try (Harness harness = new Harness()) {
            harness.processElement(change("broken", null), 0);

            assertThat(harness.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void aTargetThatDoesNotAnswerIsWaitedFor() throws Exception {
        OUTAGES_LEFT.set(2);
        try (Harness harness = new Harness()) {
            harness.processElement(upsert("sound", "small"), 0);

            assertThat(OUTAGES_LEFT).hasValue(0);
            assertThat(harness.extractOutputValues()).hasSize(1);
            assertThat(harness.getSideOutput(REFUSED)).isNull();
        }
    }

    private static DecodedChange upsert(String table, String text) {
        RowSchema schema = new RowSchema(
                List.of(new Column("id", Primitive.INT64, false), new Column("text", Primitive.STRING, true)));
        return change(table, new Row(schema, new Object[] {1L, text}));
    }

    private static DecodedChange change(String table, @Nullable Row after) {
        TableId id = new TableId("shop", "public", table);
        return DecodedChange.of(
                new ChangeEvent(
                        id,
                        RowKey.of(id, List.of("1")),
                        after == null ? Operation.DELETE : Operation.UPDATE,
                        null,
                        after,
                        new SourcePosition(7, 42),
                        1),
                new RawRecord("shop", "stream", "shard-0", "1", null, 1, new byte[] {1, 2, 3}));
    }

    /** Takes every table but one, once it answers. */
    private static final class Tables implements TargetTables {
        @Override
        public boolean holdsRows(String table) {
            return false;
        }

        @Override
        public @Nullable String refusal(String table, RowSchema schema) throws IOException {
            if (OUTAGES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("Cannot reach target: this is a test");
            }
            return table.endsWith("broken") ? "Cannot fit: it is broken" : null;
        }

        @Override
        public @Nullable String fit(String table, RowSchema schema) throws IOException {
            return refusal(table, schema);
        }

        @Override
        public void close() {}
    }

    private static final class Harness extends OneInputStreamOperatorTestHarness<DecodedChange, DecodedChange> {
        Harness() throws Exception {
            super(new ProcessOperator<>(new FitFunction(List.of(Tables::new), REFUSED)));
            setup(WireType.of(WireFormat.DECODED_CHANGE).createSerializer(new SerializerConfigImpl()));
            open();
        }
    }
}
