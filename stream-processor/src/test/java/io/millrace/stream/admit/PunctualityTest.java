package io.millrace.stream.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.pipeline.EventTime;
import io.millrace.schemas.pipeline.Lateness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PunctualityTest {
    private static final long HOUR = 3_600_000;
    private static final long NOW = 1000 * HOUR;
    private static final RowSchema SCHEMA = new RowSchema(List.of(new Column("id", Primitive.INT64, false)));

    private final Punctuality punctuality = new Punctuality(new EventTime(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            new Lateness(Duration.ofHours(2), Lateness.Policy.DEAD_LETTER),
            Map.of("shop.public.audit", new Lateness(Duration.ofMinutes(10), Lateness.Policy.APPLY))));

    @Test
    void isLateFurtherBehindTheWatermarkThanAllowed() {
        assertThat(punctuality.excessMillis(at("orders", NOW - 2 * HOUR), NOW)).isNotPositive();
        assertThat(punctuality.excessMillis(at("orders", NOW - 2 * HOUR - 1), NOW))
                .isEqualTo(1);
    }

    @Test
    void aTableMayAllowSomethingElse() {
        assertThat(punctuality.excessMillis(at("audit", NOW - HOUR), NOW)).isPositive();
        assertThat(punctuality.policy(at("audit", NOW))).isEqualTo(Lateness.Policy.APPLY);
    }

    @Test
    void nothingIsLateWithoutAWatermark() {
        assertThat(punctuality.excessMillis(at("orders", 0), Long.MIN_VALUE)).isNotPositive();
    }

    @Test
    void snapshotRowsAreNeverLate() {
        assertThat(punctuality.excessMillis(change("orders", Operation.SNAPSHOT, 0), NOW))
                .isNotPositive();
    }

    @Test
    void whatComesInFreshCanNoLongerBecomeLate() {
        assertThat(punctuality.mayBecomeLate(at("orders", NOW - HOUR), NOW)).isFalse();
        assertThat(punctuality.mayBecomeLate(at("orders", NOW - 2 * HOUR), NOW)).isTrue();
        assertThat(punctuality.mayBecomeLate(at("audit", NOW - 2 * HOUR), NOW))
                .as("late changes of this table are applied")
                .isFalse();
    }

    @Test
    void saysHowLateItIs() {
        assertThat(punctuality.reason(at("orders", NOW - 3 * HOUR - 61_000), NOW))
                .contains("3h 1m 1s behind", "2h 0m 0s are allowed");
    }

    private static ChangeEvent at(String table, long millis) {
        return change(table, Operation.UPDATE, millis);
    }

    private static ChangeEvent change(String table, Operation operation, long millis) {
        TableId id = new TableId("shop", "public", table);
        return new ChangeEvent(
                id,
                RowKey.of(id, List.of("1")),
                operation,
                null,
                new Row(SCHEMA, new Object[] {1L}),
                null,
                millis * 1000);
    }
}
