package io.millrace.batch.raw.write;

import io.millrace.batch.ForwardingOperations;
import java.util.Objects;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * A table's operations that let a commit through only if a property still has the value from which the commit was made: a
 * compare-and-set, in the same swap as the data.
 *
 * <p>Every commit through these operations sets the property to a value that no other commit sets. So whoever commits second fails,
 * also if its own commit is tried again on top of the first one.
 */
final class CompareAndSetOperations extends ForwardingOperations {
    private final String property;
    private final @Nullable String expected;

    private CompareAndSetOperations(TableOperations operations, String property, @Nullable String expected) {
        super(operations);
        this.property = property;
        this.expected = expected;
    }

    /** Another run has committed first. */
    static final class Overtaken extends ValidationException {
        private static final long serialVersionUID = 1L;

        Overtaken(String table) {
            super("Cannot commit to %s: another load has committed meanwhile", table);
        }
    }

    /**
     * The table, as it is committed to under this guard.
     *
     * @param expected the property's value from which the commits are made; null if it must not be set
     */
    static Table guard(Table table, String property, @Nullable String expected) {
        if (!(table instanceof BaseTable base)) {
            throw new IllegalArgumentException("Cannot commit to " + table.name() + ": " + table.getClass()
                    + " gives no access to the table's operations. Load it from its catalog.");
        }
        return new BaseTable(new CompareAndSetOperations(base.operations(), property, expected), table.name());
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        if (!Objects.equals(base.property(property, null), expected)) {
            throw new Overtaken(base.location());
        }
        String ours = metadata.property(property, null);
        try {
            super.commit(base, metadata);
        } catch (CommitFailedException refused) {
            if (!landed(ours)) {
                throw refused;
            }
        }
    }

    /** Whether a refused commit has landed all the same: a catalog's client may ask again when an answer is lost. */
    private boolean landed(@Nullable String ours) {
        try {
            return ours != null && ours.equals(refresh().property(property, null));
        } catch (RuntimeException away) {
            throw new CommitStateUnknownException(away);
        }
    }
}
