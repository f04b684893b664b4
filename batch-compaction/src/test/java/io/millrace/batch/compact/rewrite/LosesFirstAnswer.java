package io.millrace.batch.compact.rewrite;

import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** A catalog whose first commit succeeds without the caller being told. */
final class LosesFirstAnswer implements TableOperations {
    private final TableOperations operations;
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
        this.operations = operations;
        this.told = told;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        operations.commit(base, metadata);
        if (!lost) {
            lost = true;
            throw switch (told) {
                case REFUSED -> new CommitFailedException("the table is not at its base any more");
                case UNKNOWN -> new CommitStateUnknownException(new RuntimeException("the connection broke"));
                case BROKEN -> new IllegalStateException("the connection broke");
            };
        }
    }

    @Override
    public TableMetadata current() {
        return operations.current();
    }

    @Override
    public TableMetadata refresh() {
        return operations.refresh();
    }

    @Override
    public FileIO io() {
        return operations.io();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return operations.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return operations.locationProvider();
    }
}
