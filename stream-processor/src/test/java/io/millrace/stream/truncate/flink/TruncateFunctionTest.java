package io.millrace.stream.truncate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.pipeline.TableRoute;
import io.millrace.stream.TestPipelines;
import io.millrace.stream.accounting.Ledger.Account;
import io.millrace.stream.accounting.Ledger.Entry;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.fit.TargetTables;
import io.millrace.stream.model.Books;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which truncations pass. */
class TruncateFunctionTest {
    private static final OutputTag<DeadLetter> REFUSED =
            new OutputTag<>("refused", WireType.of(WireFormat.DEAD_LETTER));
    private static final String TABLE = "shop.public.orders";
    private static final AtomicBoolean ROWS = new AtomicBoolean();
    private static final AtomicInteger OUTAGES_LEFT = new AtomicInteger();

    @Test
    void thoseOfTablesThatWereEmptyWhenTheJobBegan() throws Exception {
        ROWS.set(false);
        OUTAGES_LEFT.set(1);
        OperatorSubtaskState checkpoint;
        try (Harness harness = new Harness(null)) {
            ROWS.set(true);
            harness.truncate();
            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(passed -> assertThat(passed.raw()).isNull());
            checkpoint = harness.snapshot(1, 1);
        }
        try (Harness restored = new Harness(checkpoint)) {
            restored.truncate();
            assertThat(restored.extractOutputValues()).hasSize(1);
        }
        assertThat(OUTAGES_LEFT).hasValue(0);
    }

    @Test
    void notThoseOfTablesWithRowsThatTheJobDoesNotKnow() throws Exception {
        ROWS.set(true);
        try (Harness harness = new Harness(null)) {
            harness.truncate();

            assertThat(harness.extractOutputValues()).isEmpty();
            assertThat(harness.getSideOutput(REFUSED))
                    .singleElement()
                    .extracting(StreamRecord::getValue)
                    .satisfies(letter -> {
                        assertThat(letter.code()).isEqualTo(DeadLetterCode.TABLE_TRUNCATED);
                        assertThat(letter.table()).isEqualTo(TABLE);
                        assertThat(letter.raw()).isNotNull();
                    });
            OperatorSubtaskState checkpoint = AbstractStreamOperatorTestHarness.repackageState(harness.snapshot(1, 1));
            assertThat(Books.in(checkpoint).get(Account.of(TABLE))).isEqualTo(Map.of(Entry.DEAD_LETTERED, 1L));

            ROWS.set(false);
            try (Harness emptiedByHand = new Harness(checkpoint)) {
                emptiedByHand.truncate();
                assertThat(emptiedByHand.extractOutputValues()).hasSize(1);
            }
        }
    }

    private static final class Harness extends OneInputStreamOperatorTestHarness<DecodedTruncation, DecodedTruncation> {
        Harness(@Nullable OperatorSubtaskState state) throws Exception {
            super(new ProcessOperator<>(new TruncateFunction(
                    TestPipelines.orders("file:///unused", TableRoute.OnTruncate.APPLY),
                    List.of(Tables::new),
                    REFUSED)));
            setup(WireType.of(WireFormat.DECODED_TRUNCATION).createSerializer(new SerializerConfigImpl()));
            if (state != null) {
                initializeState(state);
            }
            open();
        }

        void truncate() throws Exception {
            RawRecord raw = new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {1, 2, 3});
            processElement(new DecodedTruncation(TABLE, new SourcePosition(1, 2), 3, raw, null), 0);
        }
    }

    private static final class Tables implements TargetTables {
        @Override
        public @Nullable String refusal(String table, RowSchema schema) {
            return null;
        }

        @Override
        public @Nullable String fit(String table, RowSchema schema) {
            return null;
        }

        @Override
        public boolean holdsRows(String table) throws IOException {
            if (OUTAGES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("Cannot reach target: this is a test");
            }
            return ROWS.get();
        }

        @Override
        public void close() {}
    }
}
