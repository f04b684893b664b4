package io.millrace.stream.fit;

import io.millrace.schemas.event.RowSchema;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A target's tables, as far as they must fit the schemas of changes. For use by one thread.
 *
 * <p>The first two methods answer null for tables that do not go to the target.
 */
public interface TargetTables extends AutoCloseable {

    /**
     * Why rows of a schema can never go into their table, in a sentence without row contents; null if they can. Looks, and
     * changes nothing.
     *
     * @param table the source table's full name
     * @throws IOException if the target could not be asked
     */
    @Nullable
    String refusal(String table, RowSchema schema) throws IOException, InterruptedException;

    /**
     * Makes the table fit for rows of a schema, by additive steps that any number of callers may take at once.
     *
     * @return why it never will; null if it does now
     * @throws IOException if the target could not be asked
     */
    @Nullable
    String fit(String table, RowSchema schema) throws IOException, InterruptedException;

    /**
     * Whether a table holds rows, by what the target shows of it; false if there is no such table.
     *
     * @param table the source table's full name
     * @throws IOException if the target could not be asked
     */
    boolean holdsRows(String table) throws IOException, InterruptedException;

    /** Opens them where they are needed; travels to the task managers. */
    interface Factory extends Serializable {
        TargetTables open();
    }
}
