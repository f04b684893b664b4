package io.millrace.benchmarks.reconcile;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** A row. */
record Parcel(long id, BigDecimal amount, @Nullable String note) {
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    private static final long FIRST_SECOND =
            Instant.parse("2024-01-01T00:00:00Z").getEpochSecond();

    /** The row of an id: notes are null, empty or a text in turn. */
    static Parcel of(long id) {
        String note = id % 3 == 0 ? null : id % 3 == 1 ? "" : "left with neighbour " + id % 1_000 + ", ring twice";
        return new Parcel(id, BigDecimal.valueOf(id * 7 % 1_000_000, 2), note);
    }

    String customer() {
        return "customer " + id % 100_000;
    }

    String status() {
        return id % 2 == 0 ? "delivered" : "in transit";
    }

    double weight() {
        return id % 10_007 * 0.37;
    }

    LocalDateTime createdAt() {
        return LocalDateTime.ofEpochSecond(FIRST_SECOND + id, (int) (id % 1_000_000) * 1_000, ZoneOffset.UTC);
    }

    String createdAtText() {
        return createdAt().format(MICROS);
    }
}
