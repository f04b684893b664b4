package io.millrace.local.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.mask.Masker;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the source's values are masked to must be what the pipeline writes. */
class ColumnMasksTest {
    private static final MaskingKey KEY = MaskingKey.of("a key of at least thirty-two characters");
    private static final Masker MASKER = new Masker(KEY);
    private static final ColumnMasks MASKS =
            new ColumnMasks(route(Map.of("c", Mask.HASH, "n", Mask.NULL)), Optional.of(KEY));

    @Test
    void theTextsOfPostgresBecomeTheMasksOfThePipeline() {
        same(Scalar.INTEGER, "42", Primitive.INT64, 42L);
        same(Scalar.NUMERIC, "12.50", new ColumnType.Decimal(9, 2), new BigDecimal("12.50"));
        same(Scalar.TIMESTAMP_TZ, "1970-01-01 00:00:01.5+00", Primitive.TIMESTAMP_TZ, 1_500_000L);
        same(Scalar.DATE, "1970-01-02", Primitive.DATE, 1);
        same(Scalar.BOOLEAN, "t", Primitive.BOOLEAN, true);
        same(Scalar.REAL, "-0", Primitive.FLOAT32, -0.0f);
        same(Scalar.TEXT, "Größe", Primitive.STRING, "Größe");
    }

    @Test
    void elementsOfArraysAreMaskedOneByOne() {
        Object masked =
                MASKER.value(Mask.HASH, new ColumnType.Array(Primitive.STRING), Arrays.<Object>asList("a,b", null, ""));

        assertThat(MASKS.canonical("c", new Array(Scalar.TEXT), "{\"a,b\",NULL,\"\"}"))
                .isEqualTo(IcebergValue.canonical(new Array(Scalar.TEXT), masked));
        assertThat(MASKS.type("c", new Array(Scalar.INTEGER))).isEqualTo(new Array(Scalar.TEXT));
    }

    @Test
    void nullAndUnmaskedColumnsAreAsTheyAre() {
        assertThat(MASKS.canonical("c", Scalar.INTEGER, null)).isNull();
        assertThat(MASKS.canonical("n", Scalar.INTEGER, "1")).isNull();
        assertThat(MASKS.canonical("other", Scalar.INTEGER, "1")).isEqualTo("1");
        assertThat(MASKS.type("other", Scalar.INTEGER)).isEqualTo(Scalar.INTEGER);
    }

    @Test
    void masksWithoutAKeyCannotBeCompared() {
        assertThatThrownBy(() -> new ColumnMasks(route(Map.of("c", Mask.HASH)), Optional.empty()))
                .isInstanceOf(ReconcileProblem.class);
    }

    private static void same(SourceType source, String text, ColumnType type, Object value) {
        assertThat(MASKS.canonical("c", source, text)).isEqualTo(MASKER.value(Mask.HASH, type, value));
    }

    private static TableRoute route(Map<String, Mask> masks) {
        return new TableRoute(
                new TableId("shop", "public", "t"),
                List.of("id"),
                Map.of(),
                null,
                null,
                Map.of(),
                new Quality(masks, List.of()));
    }
}
