package io.millrace.batch.raw.write;

import io.millrace.batch.raw.land.Selection.Loaded;
import io.millrace.batch.raw.read.FileSurvey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Which files have been loaded: the table {@code <table>_files}, and a property of the target that says which load was the
 * last.
 *
 * <p>A load writes its files down before it commits, and is confirmed after. Its commit sets the target's property, in one swap
 * with the data, if the property still has the value that the load began with. So:
 *
 * <pre>
 * a load counts   ⇔  it is confirmed, or the target's property names it
 * a file is loaded  ⇔  a load that counts has written it down
 * </pre>
 *
 * <p>A load begins by confirming what the property names, so every load but the last is confirmed. Nothing depends on
 * snapshots, which expire. Loads into a table of the same name that was dropped do not count, as ids of loads begin with
 * the table's own.
 */
public final class LoadLedger {
    /** The target's property: the last load. */
    static final String PROPERTY = "millrace.load";

    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "load", Types.StringType.get()),
            Types.NestedField.optional(2, "path", Types.StringType.get()),
            Types.NestedField.optional(3, "bytes", Types.LongType.get()),
            Types.NestedField.optional(4, "modified", Types.TimestampType.withZone()),
            Types.NestedField.optional(5, "sha256", Types.StringType.get()),
            Types.NestedField.optional(6, "fields", Types.IntegerType.get()),
            Types.NestedField.optional(7, "records", Types.LongType.get()),
            Types.NestedField.required(8, "written", Types.TimestampType.withZone()));

    private final @Nullable String last;
    private final Set<String> counted = new HashSet<>();
    private final Map<String, Loaded> loaded = new HashMap<>();

    private LoadLedger(@Nullable String last) {
        this.last = last;
    }

    /** The name of the table of a target's files. */
    public static TableIdentifier nameOf(TableIdentifier target) {
        return TableIdentifier.of(target.namespace(), target.name() + "_files");
    }

    /**
     * Reads the ledger of a target.
     *
     * @param target the target, just loaded; null if there is none yet
     * @throws LoadFailure if the target has been loaded into and the ledger is gone
     */
    public static LoadLedger read(Catalog catalog, TableIdentifier name, @Nullable Table target) {
        if (target == null) {
            return new LoadLedger(null);
        }
        LoadLedger ledger = new LoadLedger(target.properties().get(PROPERTY));
        Table files = LakeTables.find(catalog, nameOf(name));
        if (files != null) {
            ledger.read(files, target.uuid());
        } else if (ledger.last != null) {
            throw new LoadFailure("Cannot tell which files are loaded into " + name + ": table " + nameOf(name)
                    + " is gone. Restore it; without it every file would be loaded twice.");
        }
        return ledger;
    }

    private void read(Table files, UUID target) {
        if (last != null) {
            counted.add(last);
        }
        Expression own = Expressions.startsWith("load", prefix(target));
        scan(files, Expressions.and(own, Expressions.isNull("path")), row -> counted.add(text(row, "load")));
        scan(files, Expressions.and(own, Expressions.notNull("path")), row -> {
            if (counted.contains(text(row, "load"))) {
                OffsetDateTime modified = (OffsetDateTime) row.getField("modified");
                loaded.put(
                        text(row, "path"),
                        new Loaded(
                                (Long) row.getField("bytes"),
                                modified.toInstant().toEpochMilli(),
                                text(row, "sha256"),
                                (Integer) row.getField("fields")));
            }
        });
    }

    private interface Reader {
        void read(Record row);
    }

    private static void scan(Table files, Expression filter, Reader reader) {
        try (CloseableIterable<Record> rows =
                IcebergGenerics.read(files).where(filter).build()) {
            rows.forEach(reader::read);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read table: " + files.name(), e);
        }
    }

    private static String text(Record row, String column) {
        return String.valueOf(row.getField(column));
    }

    /** The files that have been loaded, by path. */
    public Map<String, Loaded> loaded() {
        return loaded;
    }

    /** Loads that count, which the marks of deleted rows refer to. */
    Set<String> counted() {
        return counted;
    }

    /** The load from whose state this one goes on; null if there was none. */
    @Nullable
    String last() {
        return last;
    }

    /** An id for a load into a table. */
    public static String newLoad(Table target) {
        return prefix(target.uuid()) + UUID.randomUUID();
    }

    private static String prefix(UUID target) {
        return target + "/";
    }

    /** Says once more, where it does not go away, that the last load has landed. */
    public void confirmLast(Catalog catalog, TableIdentifier name) {
        if (last != null) {
            confirm(catalog, name, last);
        }
    }

    /** Says that a load has landed. Saying it twice changes nothing. */
    static void confirm(Catalog catalog, TableIdentifier name, String load) {
        Table files = files(catalog, name);
        boolean[] known = {false};
        scan(
                files,
                Expressions.and(Expressions.equal("load", load), Expressions.isNull("path")),
                row -> known[0] = true);
        if (!known[0]) {
            append(files, load, List.of(row(load)));
        }
    }

    /** Writes down which files a load is going to have loaded. */
    static void writeDown(Catalog catalog, TableIdentifier name, String load, List<FileSurvey> surveys) {
        List<Record> rows = new ArrayList<>();
        for (FileSurvey survey : surveys) {
            Record row = row(load);
            row.setField("path", survey.file().path());
            row.setField("bytes", survey.file().bytes());
            row.setField("modified", utc(Instant.ofEpochMilli(survey.file().modifiedMillis())));
            row.setField("sha256", survey.sha256());
            row.setField("fields", survey.fields());
            row.setField("records", survey.records());
            rows.add(row);
        }
        append(files(catalog, name), load, rows);
    }

    private static Table files(Catalog catalog, TableIdentifier name) {
        return LakeTables.open(catalog, nameOf(name), SCHEMA, PartitionSpec.unpartitioned(), Map.of());
    }

    private static Record row(String load) {
        Record row = GenericRecord.create(SCHEMA);
        row.setField("load", load);
        row.setField("written", utc(Instant.now()));
        return row;
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static void append(Table files, String load, List<Record> rows) {
        EncryptedOutputFile out = OutputFileFactory.builderFor(files, 0, 0)
                .operationId(load.replace('/', '-') + "-" + System.nanoTime())
                .format(FileFormat.PARQUET)
                .build()
                .newOutputFile();
        try {
            DataWriter<Record> writer = Parquet.writeData(out)
                    .forTable(files)
                    .schema(files.schema())
                    .withSpec(PartitionSpec.unpartitioned())
                    .createWriterFunc(type -> GenericParquetWriter.create(files.schema(), type))
                    .build();
            try (writer) {
                rows.forEach(writer::write);
            }
            DataFile file = writer.toDataFile();
            files.newAppend().appendFile(file).commit();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write table: " + files.name(), e);
        }
    }
}
