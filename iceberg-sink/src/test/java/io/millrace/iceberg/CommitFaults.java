package io.millrace.iceberg;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** Faults that the next commits run into, in order; none by default. */
final class CommitFaults {
    private final Queue<Fault> next = new ConcurrentLinkedQueue<>();
    private volatile boolean away;

    /** Stands between a table and its catalog for one commit. */
    @FunctionalInterface
    interface Fault {
        void commit(TableOperations table, TableMetadata base, TableMetadata metadata);

        /** This fault, and then something else, before anybody is told of the fault. */
        default Fault andThen(Runnable action) {
            return (table, base, metadata) -> {
                try {
                    commit(table, base, metadata);
                } finally {
                    action.run();
                }
            };
        }
    }

    /** The commit happens, but its sender never hears of it. */
    static final Fault RESPONSE_LOST = (table, base, metadata) -> {
        table.commit(base, metadata);
        throw new CommitStateUnknownException(new RuntimeException("connection reset"));
    };

    /** The commit does not happen, and its sender cannot know. */
    static final Fault REQUEST_LOST = (table, base, metadata) -> {
        throw new CommitStateUnknownException(new RuntimeException("connection reset"));
    };

    /** The commit happens; the catalog's client does not hear of it, asks again by itself, and is refused. */
    static final Fault ASKED_AGAIN = (table, base, metadata) -> {
        table.commit(base, metadata);
        throw new CommitFailedException("the table is not at its base any more");
    };

    /** The catalog refuses. */
    static final Fault CONFLICT = (table, base, metadata) -> {
        throw new CommitFailedException("somebody else was faster");
    };

    /** Something happens to the table at the last moment. */
    static Fault after(Runnable action) {
        return (table, base, metadata) -> {
            action.run();
            table.commit(base, metadata);
        };
    }

    /** Whether tables can be looked at; they can unless told otherwise. */
    void away(boolean is) {
        away = is;
    }

    void next(Fault fault) {
        next.add(fault);
    }

    TableOperations around(TableOperations table) {
        return new TableOperations() {
            @Override
            public TableMetadata current() {
                return table.current();
            }

            @Override
            public TableMetadata refresh() {
                if (away) {
                    throw new IllegalStateException("the catalog does not answer");
                }
                return table.refresh();
            }

            @Override
            public void commit(TableMetadata base, TableMetadata metadata) {
                Fault fault = next.poll();
                if (fault == null) {
                    table.commit(base, metadata);
                } else {
                    fault.commit(table, base, metadata);
                }
            }

            @Override
            public FileIO io() {
                return table.io();
            }

            @Override
            public String metadataFileLocation(String fileName) {
                return table.metadataFileLocation(fileName);
            }

            @Override
            public LocationProvider locationProvider() {
                return table.locationProvider();
            }

            @Override
            public TableOperations temp(TableMetadata uncommitted) {
                return table.temp(uncommitted);
            }
        };
    }
}
