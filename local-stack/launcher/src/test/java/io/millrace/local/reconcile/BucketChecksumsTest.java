package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketChecksumsTest {
    private static final Buckets BUCKETS = Buckets.forRows(10_000);

    @Test
    void largeTablesHaveFewRowsInABucketAndNotTooManyBuckets() {
        assertThat(Buckets.forRows(0).count()).isEqualTo(1);
        assertThat(Buckets.forRows(10_000).count()).isEqualTo(64);
        assertThat(Buckets.forRows(1_000_000_000_000L).count()).isEqualTo(65_536);
    }

    @Test
    void orderDoesNotMatter() {
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rows.add(i);
        }
        BucketChecksums ascending = of(rows);
        Collections.shuffle(rows, new Random(7));

        assertThat(ascending.differing(of(rows)).isEmpty()).isTrue();
        assertThat(ascending.rows()).isEqualTo(10_000);
    }

    @Test
    void partsAddUp() {
        BucketChecksums sum = of(List.of(1, 2));
        sum.add(of(List.of(3)));

        assertThat(sum.differing(of(List.of(3, 1, 2))).isEmpty()).isTrue();
    }

    @Test
    void everyKindOfDifferenceMakesItsBucketDiffer() {
        BucketChecksums all = of(List.of(1, 2, 3));

        assertThat(all.differing(of(List.of(1, 2))).numbers()).containsExactly(BUCKETS.of(key(3)));
        assertThat(all.differing(of(List.of(1, 2, 3, 4))).numbers()).containsExactly(BUCKETS.of(key(4)));
        assertThat(all.differing(of(List.of(1, 2, 3, 3))).numbers()).containsExactly(BUCKETS.of(key(3)));
        assertThat(all.differing(of(List.of(1, 2, 3, 3, 3))).numbers()).containsExactly(BUCKETS.of(key(3)));
    }

    @Test
    void digestIsAUuidsOfTheSameText() {
        java.util.UUID uuid = java.util.UUID.nameUUIDFromBytes("é".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(RowDigest.of("é"))
                .isEqualTo(new RowDigest(
                        uuid.getMostSignificantBits() & RowDigest.HIGH_BITS,
                        uuid.getLeastSignificantBits() & RowDigest.LOW_BITS));
    }

    private static BucketChecksums of(List<Integer> rows) {
        BucketChecksums sums = new BucketChecksums(BUCKETS);
        rows.forEach(row -> sums.add(key(row), RowDigest.of("row " + row)));
        return sums;
    }

    private static RowDigest key(int row) {
        return RowDigest.of(Integer.toString(row));
    }
}
