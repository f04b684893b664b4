package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.AsBytes;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Decimal;
import io.millrace.schemas.event.ColumnType.Primitive;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresTypeTest {

    @Test
    void numericsOfMoreDigitsThanADecimalHasAreTexts() {
        assertThat(ofRows("numeric", (38 << 16 | 10) + 4)).contains(new Decimal(38, 10));
        assertThat(ofRows("numeric", (39 << 16) + 4)).contains(Primitive.STRING);
        assertThat(ofRows("numeric", (5 << 16 | 2046) + 4)).contains(Primitive.STRING);
        assertThat(ofRows("money", -1)).contains(Primitive.STRING);
    }

    @Test
    void enumIsATextWhateverItsName() {
        PostgresType mood = new PostgresType("mood", "e", -1, true);

        assertThat(mood.source()).isEqualTo(new Array(Scalar.TEXT));
        assertThat(mood.ofRows()).contains(new ColumnType.Array(Primitive.STRING));
    }

    @Test
    void oneBitIsABooleanAndMoreAreBytes() {
        assertThat(new PostgresType("bit", "b", 1, false).source()).isEqualTo(Scalar.BOOLEAN);
        assertThat(new PostgresType("varbit", "b", -1, false).source()).isEqualTo(AsBytes.BITS);
        assertThat(ofRows("bit", 9)).contains(Primitive.BYTES);
    }

    @Test
    void typeThatNobodyKnowsIsBytesInTheTargets() {
        PostgresType pairs = new PostgresType("pair", "c", -1, true);

        assertThat(pairs.source()).isEqualTo(new Array(AsBytes.TEXT));
        assertThat(pairs.source().inTargets()).isEqualTo(new Array(Scalar.BYTES));
        assertThat(pairs.ofRows()).contains(new ColumnType.Array(Primitive.BYTES));
    }

    private static Optional<ColumnType> ofRows(String name, int modifier) {
        return new PostgresType(name, "b", modifier, false).ofRows();
    }
}
