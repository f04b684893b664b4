package io.millrace.stream.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which rows a truncation removes, and what it leaves of them. */
class FloorTest {
    private static final Floor FLOOR = new Floor(new SourcePosition(1, 100), 7);
    private static final RowKey KEY = new RowKey("shop.public.orders", "1");

    @Test
    void standsForAllKeysThatNobodyRemembers() {
        KeyHistory history = FLOOR.over(null);

        assertThat(history.deleted()).isTrue();
        assertThat(history.position()).isEqualTo(FLOOR.position());
        assertThat(history.version()).isEqualTo(100);
    }

    @Test
    void leavesNewerRowsAlone() {
        KeyHistory newer = row(new SourcePosition(1, 101), 101);

        assertThat(FLOOR.isAbove(newer)).isFalse();
        assertThat(FLOOR.over(newer)).isSameAs(newer);
    }

    @Test
    void removesOlderRowsUnderAGreaterVersion() {
        assertThat(FLOOR.delete(KEY, row(new SourcePosition(1, 99), 99))).isEqualTo(new RowChange.Delete(KEY, 100, 7));
        assertThat(FLOOR.delete(KEY, row(new SourcePosition(0, 500), 500)))
                .isEqualTo(new RowChange.Delete(KEY, 501, 7));
    }

    @Test
    void aRowWhoseVersionsWereAheadNeedsATombstoneOfItsOwn() {
        assertThat(FLOOR.needsTombstone(row(new SourcePosition(1, 99), 99))).isFalse();
        assertThat(FLOOR.needsTombstone(row(new SourcePosition(0, 500), 500))).isTrue();
    }

    /** As it came before: its place is not known, and what comes after the truncation takes over the truncation's. */
    @Test
    void removesRowsWithoutAPosition() {
        assertThat(FLOOR.isAbove(row(null, 5))).isTrue();
    }

    private static KeyHistory row(@Nullable SourcePosition position, long version) {
        return new KeyHistory(position, version, false, false, false, null, KeyHistory.NEVER);
    }
}
