package io.millrace.batch.raw.write;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.millrace.batch.raw.read.LoadedRows;
import io.millrace.schemas.deadletter.DeadLetterTables;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.pipeline.LandingZone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Writes dead letters into the tables that the streaming job writes them into, so that they are listed, counted and discarded
 * with all others.
 *
 * <p>A line's dead letter has the same id in every run; one that is there is not written again. Loads that write at the same
 * time come one after another, by a property as in {@link LoadLedger}; the streaming job, which writes other ids, is not held up.
 */
final class LetterWriter {
    private static final String PROPERTY = "millrace.load";
    private static final int ATTEMPTS = 20;

    private final SparkSession spark;
    private final Catalog catalog;
    private final String pipeline;
    private final LandingZone zone;
    private final long targetBytes;

    LetterWriter(SparkSession spark, Catalog catalog, String pipeline, LandingZone zone, long targetBytes) {
        this.spark = spark;
        this.catalog = catalog;
        this.pipeline = pipeline;
        this.zone = zone;
        this.targetBytes = targetBytes;
    }

    /** Writes those of the rows that are dead letters and are not there yet; the records first. */
    void write(Dataset<Row> rows) {
        Dataset<Row> refused = rows.filter(col(LoadedRows.CODE).isNotNull());
        Row bounds = refused.agg(min(col(LoadedRows.SEEN)), max(col(LoadedRows.SEEN)))
                .first();
        if (bounds.isNullAt(0)) {
            return;
        }
        Column seen = col(DeadLetterTables.TIME_COLUMN).between(bounds.get(0), bounds.get(1));
        Map<String, Column> columns = columns();
        append(DeadLetterTables.RAW_TABLE, DeadLetterTables.RAW_SCHEMA, refused, columns, seen);
        append(
                DeadLetterTables.TABLE,
                DeadLetterTables.SCHEMA,
                refused,
                columns,
                seen.and(col("source").equalTo(zone.name())));
    }

    private Map<String, Column> columns() {
        Map<String, Column> columns = new HashMap<>();
        columns.put(DeadLetterTables.KEY_COLUMN, col(LoadedRows.LETTER));
        columns.put(DeadLetterTables.TIME_COLUMN, col(LoadedRows.SEEN));
        columns.put("raw", col(LoadedRows.RAW));
        columns.put("pipeline", lit(pipeline));
        columns.put("code", col(LoadedRows.CODE));
        columns.put("reason", col(LoadedRows.REASON));
        columns.put("source", lit(zone.name()));
        if (zone.sourceTable() != null) {
            columns.put("source_table", lit(zone.name() + "." + zone.sourceTable()));
        }
        columns.put("stream", lit(zone.location()));
        columns.put("shard", col(LoadedRows.FILE));
        columns.put("sequence_number", col(LoadedRows.LINE).cast(DataTypes.StringType));
        columns.put("state", lit("new"));
        columns.put("attempt", lit(1));
        return columns;
    }

    private void append(
            String name, RowSchema schema, Dataset<Row> refused, Map<String, Column> columns, Column likely) {
        Schema columnsOfTable = IcebergColumns.schema(schema, DeadLetterTables.KEY_COLUMN);
        for (int attempt = 1; ; attempt++) {
            Table table = LakeTables.open(
                    catalog,
                    TableIdentifier.of(DeadLetterTables.NAMESPACE, name),
                    columnsOfTable,
                    IcebergColumns.spec(columnsOfTable, List.of("day(" + DeadLetterTables.TIME_COLUMN + ")")),
                    Map.of());
            String expected = table.properties().get(PROPERTY);
            Dataset<Row> letters = refused.select(
                    Stream.of(SparkSchemaUtil.convert(table.schema()).fields())
                            .map(field -> column(field, columns))
                            .toArray(Column[]::new));
            if (table.currentSnapshot() != null) {
                Dataset<Row> there = TableRows.of(spark, table).filter(likely).select(col(DeadLetterTables.KEY_COLUMN));
                letters = letters.join(
                        there, Tombstones.sameKey(letters, there, List.of(DeadLetterTables.KEY_COLUMN)), "left_anti");
            }
            List<DataFile> files = new SortedTableWriter(
                            spark, table, List.of(DeadLetterTables.KEY_COLUMN), targetBytes)
                    .write(letters, UUID.randomUUID().toString());
            if (files.isEmpty()) {
                return;
            }
            try {
                Transaction all =
                        CompareAndSetOperations.guard(table, PROPERTY, expected).newTransaction();
                all.updateProperties()
                        .set(PROPERTY, UUID.randomUUID().toString())
                        .commit();
                AppendFiles append = all.newAppend();
                files.forEach(append::appendFile);
                append.commit();
                all.commitTransaction();
                return;
            } catch (CompareAndSetOperations.Overtaken | CommitFailedException e) {
                files.forEach(file -> table.io().deleteFile(file.location()));
                if (attempt == ATTEMPTS) {
                    throw new LoadFailure(
                            "Cannot write dead letters: " + attempt
                                    + " attempts lost against other writers. Run the load again.",
                            e);
                }
            }
        }
    }

    private static Column column(StructField field, Map<String, Column> columns) {
        return columns.getOrDefault(field.name(), lit(null).cast(field.dataType()))
                .as(field.name());
    }
}
