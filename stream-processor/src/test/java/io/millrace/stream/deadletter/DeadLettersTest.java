package io.millrace.stream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.decode.DeadLetterCode;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final Decoding.Rejected BROKEN =
            new Decoding.Rejected(DeadLetterCode.MALFORMED, "Cannot decode: it is broken", null, null);

    @Test
    void theSameRecordRefusedAgainIsTheSameDeadLetter() {
        assertThat(DeadLetters.ofRecord(raw(1), BROKEN).id())
                .isEqualTo(DeadLetters.ofRecord(raw(1), BROKEN).id());
    }

    @Test
    void recordsOfOneAggregateAreDifferentDeadLetters() {
        assertThat(DeadLetters.ofRecord(raw(1), BROKEN).id())
                .isNotEqualTo(DeadLetters.ofRecord(raw(2), BROKEN).id());
    }

    @Test
    void aRowHasAllButTheRecord() {
        RowChange.Upsert upsert = DeadLetterRows.upsert("orders", DeadLetters.ofRecord(raw(1), BROKEN));

        Row row = upsert.row();
        assertThat(upsert.key().table()).isEqualTo("dead_letters");
        assertThat(row.value(row.schema().indexOf("code"))).isEqualTo("MALFORMED");
        assertThat(row.value(row.schema().indexOf("shard"))).isEqualTo("shard-0");
        assertThat(row.value(row.schema().indexOf("sequence_number"))).isEqualTo("42");
        assertThat(row.value(row.schema().indexOf("first_seen"))).isEqualTo(7_000L);
        assertThat(row.value(row.schema().indexOf("state"))).isEqualTo("new");
    }

    @Test
    void theRecordIsARowOfATableOfItsOwn() {
        List<RowChange> rows = DeadLetterRows.rows("orders", DeadLetters.ofRecord(raw(1), BROKEN));

        assertThat(rows).hasSize(2);
        Row row = ((RowChange.Upsert) rows.get(1)).row();
        assertThat(rows.get(1).key().table()).isEqualTo("dead_letters_raw");
        assertThat(row.value(row.schema().indexOf("raw"))).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThat(rows.get(0))
                .isInstanceOfSatisfying(
                        RowChange.Upsert.class,
                        letter ->
                                assertThat(letter.row().schema().indexOf("raw")).isNegative());
    }

    @Test
    void aReportIsNoDeadLetterAndKeepsNoRecord() {
        DeadLetter report = DeadLetters.ofRecord(raw(1), BROKEN).with(Review.REPORTED);

        assertThat(DeadLetterRows.rows("orders", report))
                .extracting(row -> row.key().table())
                .containsExactly("reports");
    }

    @Test
    void aChangeThatATargetRefusedIsNamedByItsVersion() {
        RowChange change = new RowChange.Delete(new RowKey("shop.public.orders", "1"), 17, 5);

        DeadLetter letter =
                DeadLetters.ofTarget(change, new byte[] {9}, DeadLetterCode.INCOMPATIBLE_SCHEMA, "Cannot write");

        assertThat(letter.id()).isEqualTo("shop.public.orders/1/17/incompatible_schema");
        assertThat(letter.source()).isEqualTo("shop");
    }

    private static RawRecord raw(int content) {
        return new RawRecord("shop", "stream", "shard-0", "42", null, 7, new byte[] {(byte) content});
    }
}
