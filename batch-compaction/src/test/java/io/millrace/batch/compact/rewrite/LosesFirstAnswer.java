package io.millrace.batch.compact.rewrite;

import io.millrace.batch.ForwardingOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/** A catalog whose first commit succeeds without the caller being told. */
final class LosesFirstAnswer extends ForwardingOperations {
    private final Told told;
    private boolean lost;

    /** What the caller is told instead. */
    enum Told {
        /** The catalog's client repeats the request by itself, and is refused. */
        REFUSED,
        UNKNOWN,
        /** As a driver tells it that does not know what it broke off. */
        BROKEN
    }

    LosesFirstAnswer(TableOperations operations, Told told) {
        super(operations);
        this.told = told;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        super.commit(base, metadata);
        if (!lost) {
            lost = true;
            throw switch (told) {
                case REFUSED -> new CommitFailedException("the table is not at its base any more");
                case UNKNOWN -> new CommitStateUnknownException(new RuntimeException("the connection broke"));
                case BROKEN -> new IllegalStateException("the connection broke");
            };
        }
    }
}
