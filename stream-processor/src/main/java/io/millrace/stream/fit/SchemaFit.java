package io.millrace.stream.fit;

import io.millrace.schemas.event.RowSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether rows of a schema go into all targets of their table or into none, and makes the targets fit if they do.
 *
 * <p>First all targets are asked, and only if none refuses any of them is changed: so a schema that one of them can never take
 * changes none. What fits, fits from then on, as tables only grow; it is asked once. What is refused is asked again after a
 * while, as somebody may have mended the table.
 *
 * <pre>
 * unknown ──► fits                     (for good)
 *    ▲  └───► refused ──┐
 *    └── after a while ─┘
 * </pre>
 *
 * For use by one thread.
 */
public final class SchemaFit {
    /** How long a refusal stands before the targets are asked again. */
    public static final long REFUSAL_MILLIS = 10_000;

    /** A bound on memory; a table has few schemas at a time. */
    private static final int MOST_SCHEMAS = 1000;

    private final List<TargetTables> targets;
    private final Map<String, TableVerdicts> tables = new HashMap<>();

    /** What is known of a table's schemas: by instance, as equal ones nearly always are one. */
    private static final class TableVerdicts {
        private final Map<RowSchema, Verdict> bySchema = new IdentityHashMap<>();
        private @Nullable RowSchema fitting;
    }

    /**
     * An answer of the targets.
     *
     * @param refusal why rows can never go in; null if they can
     * @param atMillis when it was given
     */
    private record Verdict(@Nullable String refusal, long atMillis) {}

    public SchemaFit(List<TargetTables> targets) {
        this.targets = List.copyOf(targets);
    }

    /**
     * Why rows of a schema go into none of their targets; null if they go into all of them, which then fit.
     *
     * @param table the source table's full name
     * @throws IOException if a target could not be asked: nothing is known then, and the same call may succeed later
     */
    public @Nullable String refusal(String table, RowSchema schema, long nowMillis)
            throws IOException, InterruptedException {
        TableVerdicts known = tables.computeIfAbsent(table, t -> new TableVerdicts());
        if (known.fitting == schema) {
            return null;
        }
        Verdict verdict = known.bySchema.get(schema);
        if (verdict == null || (verdict.refusal() != null && nowMillis - verdict.atMillis() >= REFUSAL_MILLIS)) {
            verdict = new Verdict(ask(table, schema), nowMillis);
            if (known.bySchema.size() >= MOST_SCHEMAS) {
                known.bySchema.clear();
            }
            known.bySchema.put(schema, verdict);
        }
        if (verdict.refusal() == null) {
            known.fitting = schema;
        }
        return verdict.refusal();
    }

    private @Nullable String ask(String table, RowSchema schema) throws IOException, InterruptedException {
        for (TargetTables target : targets) {
            String refusal = target.refusal(table, schema);
            if (refusal != null) {
                return refusal;
            }
        }
        for (TargetTables target : targets) {
            // Another subtask may have been faster with a schema that excludes this one.
            String refusal = target.fit(table, schema);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }
}
