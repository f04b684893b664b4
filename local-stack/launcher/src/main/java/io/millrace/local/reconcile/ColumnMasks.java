package io.millrace.local.reconcile;

import io.millrace.local.reconcile.SourceType.Array;
import io.millrace.local.reconcile.SourceType.Scalar;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.mask.Masker;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Masks the source's values as the pipeline does, so that they can be compared with what the targets hold. */
final class ColumnMasks {
    private static final String NEGATIVE_ZERO = "-0.0";

    private final TableRoute route;
    private final Map<String, Mask> masks;
    private final @Nullable Masker masker;

    /** The masks of a table, under the pipeline's key if it has one. */
    ColumnMasks(TableRoute route, Optional<MaskingKey> key) {
        this.route = route;
        this.masks = route.quality().masks();
        this.masker = key.map(Masker::new).orElse(null);
        if (masker == null && !masks.isEmpty()) {
            throw new ReconcileProblem("Cannot compare table " + route.table()
                    + ": it has masks, and there is no masking key" + ". Set the variable that the job has.");
        }
    }

    /** Whether any column is masked, so that only we, who have the key, know what the targets hold. */
    boolean hideAny() {
        return !masks.isEmpty();
    }

    /** Whether a row's key is masked, so that the source's row cannot be looked up by that of a target. */
    boolean hideKey() {
        return route.key().stream().anyMatch(masks::containsKey);
    }

    /** The type of a column in the targets. */
    SourceType type(String column, SourceType type) {
        Mask mask = masks.get(column);
        if (mask == null || mask == Mask.NULL) {
            return type.inTargets();
        }
        return type instanceof Array ? new Array(Scalar.TEXT) : Scalar.TEXT;
    }

    /** The canonical text of a value in the targets, from the source's own text. */
    @Nullable
    String canonical(String column, SourceType type, @Nullable String text) {
        Mask mask = masks.get(column);
        if (mask == null || masker == null || text == null) {
            return PostgresText.canonical(type, text);
        }
        if (mask == Mask.NULL) {
            return null;
        }
        if (type instanceof Array array) {
            List<@Nullable String> masked = new ArrayList<>();
            for (String element : PostgresArray.elements(array.element(), text)) {
                masked.add(element == null ? null : masker.text(mask, element));
            }
            return Canonical.list(masked);
        }
        return ofCanonical(column, type, PostgresText.canonical(type, text));
    }

    /** The canonical text of a value in the targets, which is no array, from that of the source's own value. */
    @Nullable
    String ofCanonical(String column, SourceType type, @Nullable String value) {
        Mask mask = masks.get(column);
        if (mask == null || masker == null || value == null) {
            return value;
        }
        return mask == Mask.NULL
                ? null
                : masker.text(mask, NEGATIVE_ZERO.equals(value) && isReal(type) ? "0.0" : value);
    }

    private static boolean isReal(SourceType type) {
        return type == Scalar.REAL || type == Scalar.DOUBLE;
    }
}
