package io.millrace.schemas.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.BinlogPosition;
import io.millrace.schemas.event.SourcePosition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourcePlaceTest {
    private final SourcePlace place = new SourcePlace();

    @Test
    void capturesOwnSequencePlacesChangesOfABinaryLog() {
        binlog(330, 2);
        place.sequence("[\"17179869514\",\"17179869517\"]");

        assertThat(place.position(false, "", "mariadb-bin.000002"))
                .isEqualTo(new SourcePosition(17179869514L, 17179869517L));
        assertThat(place.position(true, "incremental", "mariadb-bin.000002"))
                .isEqualTo(new SourcePosition(17179869514L, 17179869517L));
    }

    @Test
    void plainDebeziumPlacesThemByFileOffsetAndRow() {
        binlog(330, 2);

        assertThat(place.position(false, "", "mariadb-bin.000002")).isEqualTo(BinlogPosition.ofChange(2, 330, 2));
        assertThat(place.position(true, "true", "mariadb-bin.000002")).isEqualTo(BinlogPosition.ofRead(2, 330));
    }

    @Test
    void changeAfterARotationStandsBehindThoseBefore() {
        binlog(1 << 30, 3);
        SourcePosition before = place.position(false, "", "mariadb-bin.000009");
        place.clear();
        binlog(4, 0);

        assertThat(place.position(false, "", "mariadb-bin.000010")).isGreaterThan(before);
    }

    @Test
    void logWithoutANumberPlacesNothing() {
        binlog(330, 2);

        assertThat(place.position(false, "", "current")).isNull();
        assertThat(place.position(false, "", "")).isNull();
    }

    @Test
    void offsetsThatNoServerWritesPlaceNothing() {
        binlog(-1, 0);
        assertThat(place.position(false, "", "mariadb-bin.000002")).isNull();
        binlog(1L << 32, 0);
        assertThat(place.position(false, "", "mariadb-bin.000002")).isNull();
    }

    @Test
    void sequenceOfPostgresqlIsTheFirstHalfOfItsPosition() {
        place.lsn(42L);
        for (@Nullable String sequence : new String[] {"[\"7\",\"42\"]", "[\"7\",null]", "[\"7\"]"}) {
            place.sequence(sequence);
            assertThat(place.position(false, "", "")).as(sequence).isEqualTo(new SourcePosition(7, 42));
        }
        for (@Nullable String sequence : new String[] {null, "", "[", "[]", "[null,\"42\"]", "[\"\",\"42\"]", "7"}) {
            place.sequence(sequence);
            assertThat(place.position(false, "", "")).as(sequence).isEqualTo(new SourcePosition(42, 42));
        }
        place.sequence("[\"7\",\"42\"]");
        assertThat(place.position(true, "last", "")).isEqualTo(new SourcePosition(42, 0));
        assertThat(place.position(true, "incremental", "")).isEqualTo(new SourcePosition(7, 42));
    }

    private void binlog(long offset, int row) {
        place.offset(offset);
        place.row(row);
    }
}
