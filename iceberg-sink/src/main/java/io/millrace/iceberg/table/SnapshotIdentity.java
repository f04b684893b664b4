package io.millrace.iceberg.table;

import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateProperties;

/**
 * How a pipeline finds its own work again in a table, under whatever job id it runs.
 *
 * <p>Every snapshot of ours says so in its summary. The number of the last landed epoch is a table property as well,
 * changed by the same commit as the snapshot: expiring snapshots takes summaries away, but not the property. A second
 * property has the run that made the epoch's reports: two runs of one job may give one number to different work.
 */
public record SnapshotIdentity(String pipeline, String table) {
    private static final String PIPELINE = "millrace.pipeline";
    private static final String TABLE = "millrace.table";
    private static final String EPOCH = "millrace.epoch";
    private static final String RUN = "millrace.run";

    private String epochProperty() {
        return EPOCH + "." + pipeline;
    }

    /** The greatest epoch that has landed; 0 if none. */
    public long landedEpoch(TableMetadata metadata) {
        String epoch = metadata.property(epochProperty(), "0");
        return Long.parseLong(epoch);
    }

    /** Whether the last landed epoch is the work of this run, as far as the table tells. */
    public boolean landedBy(TableMetadata metadata, String run) {
        return metadata.property(runProperty(), run).equals(run);
    }

    public void mark(UpdateProperties properties, long epoch, String run) {
        properties.set(epochProperty(), Long.toString(epoch));
        properties.set(runProperty(), run);
    }

    private String runProperty() {
        return RUN + "." + pipeline;
    }

    public Map<String, String> summary(long epoch) {
        return Map.of(PIPELINE, pipeline, TABLE, table, EPOCH, Long.toString(epoch));
    }

    public boolean owns(Snapshot snapshot) {
        return pipeline.equals(snapshot.summary().get(PIPELINE));
    }

    /** The beginning of the names of the data files that this pipeline writes. */
    public String filePrefix() {
        return "upsert-" + pipeline.replaceAll("[^A-Za-z0-9]", "_") + "-";
    }

    /**
     * A name that no other file has. Names grow with time, so that deletes of recent rows have a narrow range of paths and
     * readers of older files can tell that they need not look into them.
     */
    public String newFileName(String suffix) {
        return filePrefix() + String.format("%012x", System.currentTimeMillis()) + "-" + UUID.randomUUID() + suffix;
    }

    public boolean ownsFile(String path) {
        return path.substring(path.lastIndexOf('/') + 1).startsWith(filePrefix());
    }
}
