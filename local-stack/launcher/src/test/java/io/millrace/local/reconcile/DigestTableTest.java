package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigestTableTest {

    @Test
    void findsEveryKeyAfterGrowing() {
        DigestTable table = new DigestTable();
        for (int i = 0; i < 100_000; i++) {
            assertThat(table.add(RowDigest.of("key " + i), RowDigest.of("row " + i)))
                    .isTrue();
        }

        assertThat(table.size()).isEqualTo(100_000);
        for (int i = 0; i < 100_000; i++) {
            int slot = table.find(RowDigest.of("key " + i));
            assertThat(slot).isNotNegative();
            assertThat(table.holds(slot, RowDigest.of("row " + i))).isTrue();
        }
    }

    @Test
    void keyThatWasNotAddedIsNotFound() {
        DigestTable table = new DigestTable();
        table.add(RowDigest.of("a"), RowDigest.of("row"));

        assertThat(table.find(RowDigest.of("b"))).isEqualTo(-1);
    }

    @Test
    void keyIsAddedOnce() {
        DigestTable table = new DigestTable();
        table.add(RowDigest.of("a"), RowDigest.of("first"));

        assertThat(table.add(RowDigest.of("a"), RowDigest.of("second"))).isFalse();
        assertThat(table.holds(table.find(RowDigest.of("a")), RowDigest.of("first")))
                .isTrue();
    }
}
