package io.millrace.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryTest {
    @ParameterizedTest
    @EnumSource
    void totalsAreThoseOfTheLastChangeOfEachRow(Workload workload) {
        History history = new History(workload, 1000, 150);
        Map<Long, Long> last = new HashMap<>();
        for (long change = 0; change < history.changes(4); change++) {
            last.put(history.id(change), change);
        }
        History.Totals totals = History.Totals.NONE;
        for (Map.Entry<Long, Long> row : last.entrySet()) {
            totals = totals.plus(row.getKey(), row.getValue(), History.amount(row.getValue()));
        }

        assertThat(history.totals(4)).isEqualTo(totals);
        assertThat(totals.rows()).isEqualTo(1000);
    }

    @Test
    void aMissedUpsertShowsInTheTotals() {
        History history = new History(Workload.UNIFORM, 1000, 150);

        assertThat(history.totals(4)).isNotEqualTo(history.totals(3));
    }

    @Test
    void recentUpsertsHitMostlyTheNewestRows() {
        History history = new History(Workload.RECENT, 10_000, 100);
        long newest = LongStream.range(10_000, 20_000)
                .map(history::id)
                .filter(id -> id >= 9_800)
                .count();

        assertThat(newest).isBetween(7_800L, 8_400L);
    }

    @Test
    void uniformUpsertsHitEveryPartAlike() {
        History history = new History(Workload.UNIFORM, 10_000, 100);
        long lowerHalf = LongStream.range(10_000, 20_000)
                .map(history::id)
                .filter(id -> id < 5_000)
                .count();

        assertThat(lowerHalf).isBetween(4_800L, 5_200L);
    }
}
