package io.millrace.batch.raw.write;

import static org.apache.spark.sql.functions.col;

import io.millrace.batch.raw.infer.TableColumn;
import io.millrace.batch.raw.read.FileSurvey;
import io.millrace.batch.raw.read.LoadedRows;
import io.millrace.schemas.pipeline.LandingZone;
import io.millrace.schemas.pipeline.LandingZone.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of a load and commits them, exactly once.
 *
 * <pre>
 * dead letters ─► data files ─► tombstones ─► files written down ─► COMMIT ─► confirmed
 * </pre>
 *
 * <p>Before the commit nothing counts; what a crash leaves behind is written again, or is not looked at. See decision 0023.
 */
public final class ZoneWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneWriter.class);

    private final SparkSession spark;
    private final Catalog catalog;
    private final LandingZone zone;
    private final TableIdentifier name;
    private final String pipeline;
    private final long targetBytes;
    private final Consumer<Step> before;

    /** The steps of a load that change something, in their order. */
    public enum Step {
        /** Dead letters are written. */
        LETTERS,
        /** Data and delete files are written. */
        FILES,
        /** Deleted keys are written down. */
        TOMBSTONES,
        /** The landed files are written down. */
        WRITE_DOWN,
        /** The load becomes visible. */
        COMMIT,
        /** The load is confirmed. */
        CONFIRM
    }

    /** Others have changed the table meanwhile, so that the load has to be begun anew; nothing of it is visible. */
    public static final class Superseded extends Exception {
        private static final long serialVersionUID = 1L;

        Superseded(Throwable cause) {
            super(cause);
        }
    }

    /**
     * @param pipeline the pipeline's name, for dead letters
     * @param before is told of each step before it is done
     */
    public ZoneWriter(
            SparkSession spark,
            Catalog catalog,
            LandingZone zone,
            String pipeline,
            long targetBytes,
            Consumer<Step> before) {
        this.spark = spark;
        this.catalog = catalog;
        this.zone = zone;
        this.name = TableIdentifier.parse(zone.table());
        this.pipeline = pipeline;
        this.targetBytes = targetBytes;
        this.before = before;
    }

    private record Written(List<DataFile> files, OldRows.Deletes deletes) {
        List<String> locations() {
            List<ContentFile<?>> all = new ArrayList<>(files);
            all.addAll(deletes.files());
            return all.stream().map(ContentFile::location).toList();
        }
    }

    /**
     * Loads rows.
     *
     * @param table the target, as it was loaded for this
     * @param rows the lines of the files, read several times
     * @param surveys the files
     * @throws Superseded if the load has to be begun anew
     */
    public LoadCounts load(
            Table table, LoadLedger ledger, List<TableColumn> columns, Dataset<Row> rows, List<FileSurvey> surveys)
            throws Superseded {
        String load = LoadLedger.newLoad(table);
        Snapshot start = table.currentSnapshot();
        Dataset<Row> good = rows.filter(col(LoadedRows.CODE).isNull());
        boolean merge = zone.mode() == Mode.MERGE;
        Dataset<Row> decided = good;
        if (merge) {
            List<String> values = columns.stream().map(TableColumn::name).toList();
            decided = new MergePlan(spark, table, zone.key(), values)
                    .decide(
                            good,
                            new Tombstones(spark, catalog, name, table, zone.key())
                                    .newest(ledger.counted(), MergePlan.deletedBy()))
                    .persist(StorageLevel.DISK_ONLY());
        }
        try {
            LoadCounts counts = LoadCounts.of(rows, merge ? decided : null);
            counts.requireBalance(
                    surveys.stream().mapToLong(FileSurvey::records).sum());
            before.accept(Step.LETTERS);
            if (counts.deadLettered() > 0) {
                new LetterWriter(spark, catalog, pipeline, zone, targetBytes).write(rows);
            }
            before.accept(Step.FILES);
            Written written = merge ? merge(table, decided, load) : append(table, good, load);
            commit(table, start, ledger, load, decided, counts, written, surveys);
            return counts.with(written.files(), written.deletes().files());
        } finally {
            if (merge) {
                decided.unpersist();
            }
        }
    }

    private Written append(Table table, Dataset<Row> good, String load) {
        return new Written(writer(table).write(good, fileId(load)), new OldRows.Deletes(List.of(), Set.of()));
    }

    private Written merge(Table table, Dataset<Row> decided, String load) {
        Dataset<Row> applied = decided.filter(col(MergePlan.FATE).equalTo(MergePlan.APPLIED));
        return new Written(
                writer(table).write(applied.filter(col(LoadedRows.OPERATION).notEqual("D")), fileId(load)),
                new OldRows(spark, table)
                        .delete(applied.filter(col(MergePlan.OLD_FILE).isNotNull()), fileId(load)));
    }

    private SortedTableWriter writer(Table table) {
        List<String> sortBy = zone.key().isEmpty() ? List.of(LoadedRows.FILE, LoadedRows.LINE) : zone.key();
        return new SortedTableWriter(spark, table, sortBy, targetBytes);
    }

    private static String fileId(String load) {
        return load.substring(load.indexOf('/') + 1);
    }

    private void commit(
            Table table,
            @Nullable Snapshot start,
            LoadLedger ledger,
            String load,
            Dataset<Row> decided,
            LoadCounts counts,
            Written written,
            List<FileSurvey> surveys)
            throws Superseded {
        before.accept(Step.TOMBSTONES);
        if (counts.deleted() > 0) {
            new Tombstones(spark, catalog, name, table, zone.key())
                    .add(
                            decided.filter(col(MergePlan.FATE)
                                    .equalTo(MergePlan.APPLIED)
                                    .and(col(LoadedRows.OPERATION).equalTo("D"))),
                            load,
                            targetBytes);
        }
        before.accept(Step.WRITE_DOWN);
        LoadLedger.writeDown(catalog, name, load, surveys);
        before.accept(Step.COMMIT);
        try {
            swap(table, start, ledger, load, written);
        } catch (ValidationException | CommitFailedException e) {
            LOG.info("{}: load {} came too late: {}", name, load, e.getMessage());
            written.locations().forEach(location -> delete(table, location));
            throw new Superseded(e);
        }
        before.accept(Step.CONFIRM);
        LoadLedger.confirm(catalog, name, load);
    }

    /** One swap of the table's metadata, if no other load has come first and the rows to be deleted are where they were. */
    private static void swap(Table table, @Nullable Snapshot start, LoadLedger ledger, String load, Written written) {
        Transaction all = CompareAndSetOperations.guard(table, LoadLedger.PROPERTY, ledger.last())
                .newTransaction();
        all.updateProperties().set(LoadLedger.PROPERTY, load).commit();
        if (!written.deletes().files().isEmpty()) {
            RowDelta delta = all.newRowDelta()
                    .validateDataFilesExist(written.deletes().dataFiles())
                    .validateDeletedFiles()
                    .set(LoadLedger.PROPERTY, load);
            if (start != null) {
                delta.validateFromSnapshot(start.snapshotId());
            }
            written.files().forEach(delta::addRows);
            for (DeleteFile file : written.deletes().files()) {
                delta.addDeletes(file);
            }
            delta.commit();
        } else if (!written.files().isEmpty()) {
            AppendFiles append = all.newAppend().set(LoadLedger.PROPERTY, load);
            written.files().forEach(append::appendFile);
            append.commit();
        }
        all.commitTransaction();
    }

    private static void delete(Table table, String location) {
        try {
            table.io().deleteFile(location);
        } catch (RuntimeException e) {
            LOG.warn("Cannot delete {}: it is removed as an orphan later", location, e);
        }
    }
}
