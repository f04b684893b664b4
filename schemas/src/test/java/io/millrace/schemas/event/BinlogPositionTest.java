package io.millrace.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinlogPositionTest {

    @Test
    void positionsGrowFromRowToRowEventToEventAndLogToLog() {
        long mostOffset = (1L << 33) - 1;
        List<SourcePosition> inOrder = List.of(
                BinlogPosition.ofRead(9, 4),
                BinlogPosition.ofChange(9, 4, 0),
                BinlogPosition.ofChange(9, 4, 1),
                BinlogPosition.ofChange(9, 4, 2_000_000_000),
                BinlogPosition.ofRead(9, 330),
                BinlogPosition.ofChange(9, 330, 0),
                BinlogPosition.ofChange(9, 0xffff_ffffL, 7),
                BinlogPosition.ofChange(9, mostOffset, 7),
                BinlogPosition.ofRead(10, 4),
                BinlogPosition.ofChange(10, 4, 0),
                BinlogPosition.ofChange(999_999, 4, 0),
                BinlogPosition.ofChange(1_000_000, 4, 0),
                BinlogPosition.ofChange(BinlogPosition.MOST_LOGS, mostOffset, 0));

        assertThat(inOrder).isSorted().doesNotHaveDuplicates();
        // OpenSearch's versions are made of the greater number, and are signed.
        assertThat(inOrder).allMatch(position -> position.transaction() >= 0 && position.offset() > 0);
    }

    /** A row takes at least a byte of its event, so the next event begins behind its last row. */
    @Test
    void versionsGrowAsWell() {
        assertThat(version(BinlogPosition.ofChange(9, 1000, 99))).isLessThan(version(BinlogPosition.ofRead(9, 1101)));
        assertThat(version(BinlogPosition.ofChange(9, 1000, 0)))
                .isLessThan(version(BinlogPosition.ofChange(9, 1000, 1)));
        assertThat(version(BinlogPosition.ofChange(9, 0xffff_ffffL, 9)))
                .isLessThan(version(BinlogPosition.ofRead(10, 4)));
    }

    private static long version(SourcePosition position) {
        return Math.max(position.transaction(), position.offset());
    }

    @ParameterizedTest
    @CsvSource({
        "mariadb-bin.000009, 9",
        "mysql-bin-changelog.000010, 10",
        "log.of.shop.1000000, 1000000",
        "mariadb-bin.536870911, 536870911",
        "mariadb-bin.536870912,",
        "mariadb-bin.99999999999,",
        "mariadb-bin,",
        "mariadb-bin.,",
        "mariadb-bin.-1,",
        "mariadb-bin.index,",
        "'',"
    })
    void logsAreNumberedByTheEndOfTheirNames(String file, Long number) {
        assertThat(BinlogPosition.logNumber(file).stream().boxed().toList())
                .isEqualTo(number == null ? List.of() : List.of(number));
    }

    @Test
    void whatHasNoPlaceIsRefused() {
        assertThatThrownBy(() -> BinlogPosition.ofChange(BinlogPosition.MOST_LOGS + 1, 4, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BinlogPosition.ofChange(1, 1L << 33, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
