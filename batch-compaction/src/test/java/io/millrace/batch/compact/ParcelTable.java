package io.millrace.batch.compact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A table of parcels in a directory, written the way other writers do: with Iceberg's generic writers, and no Spark. */
public final class ParcelTable {
    public static final TableIdentifier NAME = TableIdentifier.of("logistics", "parcels");
    public static final Schema SCHEMA = new Schema(
            List.of(
                    Types.NestedField.required(1, "id", Types.LongType.get()),
                    Types.NestedField.required(2, "region", Types.StringType.get()),
                    Types.NestedField.optional(3, "weight", Types.DecimalType.of(12, 3)),
                    Types.NestedField.optional(4, "sent", Types.TimestampType.withZone()),
                    Types.NestedField.optional(5, "tags", Types.ListType.ofOptional(6, Types.StringType.get()))),
            Set.of(1));

    private final HadoopCatalog catalog;
    private final Table table;

    private ParcelTable(HadoopCatalog catalog, Table table) {
        this.catalog = catalog;
        this.table = table;
    }

    /** A row's place: a data file's address and the position in it. */
    public record Place(String file, long position) {
        public Place(DataFile file, long position) {
            this(file.location(), position);
        }
    }

    public static ParcelTable create(Path warehouse, int formatVersion) {
        HadoopCatalog catalog =
                new HadoopCatalog(new Configuration(), warehouse.toUri().toString());
        PartitionSpec spec = PartitionSpec.builderFor(SCHEMA).identity("region").build();
        Table table =
                catalog.createTable(NAME, SCHEMA, spec, Map.of("format-version", Integer.toString(formatVersion)));
        return new ParcelTable(catalog, table);
    }

    /** A view of its own, as another process has one. */
    public Table open() {
        return catalog.loadTable(NAME);
    }

    /** Commits many files as one snapshot. */
    public void appendFiles(String region, List<long[]> idsOfFiles) {
        AppendFiles append = open().newAppend();
        idsOfFiles.forEach(ids -> append.appendFile(write(region, ids)));
        append.commit();
    }

    /** Commits one file of the ids, in this order, as one snapshot. */
    public DataFile append(String region, long... ids) {
        DataFile file = write(region, ids);
        Table now = open();
        now.newAppend().appendFile(file).commit();
        return file;
    }

    private DataFile write(String region, long... ids) {
        DataWriter<Record> writer = writers()
                .newDataWriter(files("data").newOutputFile(table.spec(), in(region)), table.spec(), in(region));
        try (writer) {
            for (long id : ids) {
                writer.write(parcel(region, id));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDataFile();
    }

    private static Record parcel(String region, long id) {
        GenericRecord record = GenericRecord.create(SCHEMA);
        record.setField("id", id);
        record.setField("region", region);
        record.setField("weight", id % 3 == 0 ? null : BigDecimal.valueOf(id * 1001, 3));
        record.setField(
                "sent",
                OffsetDateTime.of(2026, 11, 20, 1, 2, 3, 456_789_000, ZoneOffset.UTC)
                        .plusSeconds(id));
        record.setField("tags", id % 2 == 0 ? List.of("fragile", "no-" + id) : null);
        return record;
    }

    /** Commits position deletes in one delete file that bears on all of the places' files. */
    public DeleteFile deleteTogether(String region, Place... places) {
        DeleteFile file = writeDeletes(region, List.of(places));
        open().newRowDelta().addDeletes(file).commit();
        return file;
    }

    private DeleteFile writeDeletes(String region, List<Place> places) {
        PositionDeleteWriter<Record> writer = writers()
                .newPositionDeleteWriter(
                        files("deletes").newOutputFile(table.spec(), in(region)), table.spec(), in(region));
        try (writer) {
            PositionDelete<Record> delete = PositionDelete.create();
            for (Place place : places) {
                writer.write(delete.set(place.file(), place.position()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDeleteFile();
    }

    /**
     * Deletes rows by their places, looking for them again for as long as others move them meanwhile, as a sink does.
     *
     * @return how often it was too late
     */
    public int deleteWhereverTheyAre(String region, Set<Long> ids) {
        int late = 0;
        while (true) {
            Table now = open();
            long head = now.currentSnapshot().snapshotId();
            Map<Long, Place> places = places(now, Expressions.equal("region", region));
            places.keySet().retainAll(ids);
            DeleteFile file = writeDeletes(
                    region,
                    places.values().stream()
                            .sorted(Comparator.comparing(Place::file).thenComparing(Place::position))
                            .toList());
            try {
                now.newRowDelta()
                        .addDeletes(file)
                        .validateFromSnapshot(head)
                        .validateDataFilesExist(
                                places.values().stream().map(Place::file).toList())
                        .commit();
                return late;
            } catch (ValidationException moved) {
                late++;
            }
        }
    }

    /** Commits a deletion vector for one file, in the place of an earlier one. */
    public void deleteByVector(DataFile file, List<DeleteFile> earlier, long... positions) {
        deleteByVectors(List.of(file), earlier, positions);
    }

    /** Commits deletion vectors for some files that share one Puffin file, in the place of earlier ones. */
    public void deleteByVectors(List<DataFile> files, List<DeleteFile> earlier, long... positions) {
        Table now = open();
        BaseDVFileWriter writer = new BaseDVFileWriter(
                OutputFileFactory.builderFor(now, 1, 1)
                        .format(FileFormat.PUFFIN)
                        .build(),
                location -> null);
        try (writer) {
            for (DataFile file : files) {
                for (long position : positions) {
                    writer.delete(file.location(), position, now.spec(), file.partition());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RowDelta delta =
                now.newRowDelta().validateFromSnapshot(now.currentSnapshot().snapshotId());
        writer.result().deleteFiles().forEach(delta::addDeletes);
        earlier.forEach(delta::removeDeletes);
        delta.commit();
    }

    /** Commits an equality delete by id. */
    public void deleteByKey(String region, long id) {
        GenericFileWriterFactory factory = new GenericFileWriterFactory.Builder(table)
                .dataFileFormat(FileFormat.PARQUET)
                .deleteFileFormat(FileFormat.PARQUET)
                .equalityFieldIds(new int[] {1})
                .equalityDeleteRowSchema(SCHEMA)
                .build();
        EqualityDeleteWriter<Record> writer = factory.newEqualityDeleteWriter(
                files("equality").newOutputFile(table.spec(), in(region)), table.spec(), in(region));
        try (writer) {
            writer.write(parcel(region, id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open().newRowDelta().addDeletes(writer.toDeleteFile()).commit();
    }

    /** All rows of the newest snapshot as text, in the order of their keys; rows with one key stand beside each other. */
    public List<String> rows() {
        return rows(open(), null);
    }

    /** All rows of a snapshot. */
    public List<String> rowsAt(long snapshotId) {
        return rows(open(), snapshotId);
    }

    private static List<String> rows(Table table, @Nullable Long snapshotId) {
        Map<Long, List<String>> byId = new TreeMap<>();
        IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(table);
        try (CloseableIterable<Record> rows = (snapshotId == null ? scan : scan.useSnapshot(snapshotId)).build()) {
            rows.forEach(row -> byId.computeIfAbsent((Long) row.getField("id"), id -> new ArrayList<>())
                    .add(text(row)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return byId.values().stream().flatMap(List::stream).toList();
    }

    /** The table's columns; a reader that applies deletes may add others. */
    private static String text(Record row) {
        StringJoiner text = new StringJoiner(" | ");
        SCHEMA.columns().forEach(column -> text.add(String.valueOf(row.getField(column.name()))));
        return text.toString();
    }

    /** Where each live row is, by its id. */
    public Map<Long, Place> places() {
        return places(open(), Expressions.alwaysTrue());
    }

    private static Map<Long, Place> places(Table table, Expression rows) {
        Schema columns = new Schema(SCHEMA.findField("id"), MetadataColumns.FILE_PATH, MetadataColumns.ROW_POSITION);
        Map<Long, Place> places = new TreeMap<>();
        try (CloseableIterable<Record> found =
                IcebergGenerics.read(table).where(rows).project(columns).build()) {
            found.forEach(row ->
                    places.put(row.get(0, Long.class), new Place(row.get(1, String.class), row.get(2, Long.class))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return places;
    }

    /** The ids of the newest snapshot. */
    public List<Long> ids() {
        Table now = open();
        List<Long> ids = new ArrayList<>();
        try (CloseableIterable<Record> rows =
                IcebergGenerics.read(now).select("id").build()) {
            rows.forEach(row -> ids.add((Long) row.getField("id")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ids.sort(null);
        return ids;
    }

    private GenericFileWriterFactory writers() {
        return new GenericFileWriterFactory.Builder(table)
                .dataFileFormat(FileFormat.PARQUET)
                .deleteFileFormat(FileFormat.PARQUET)
                .build();
    }

    private OutputFileFactory files(String suffix) {
        return OutputFileFactory.builderFor(table, 0, 0)
                .operationId(UUID.randomUUID().toString())
                .format(FileFormat.PARQUET)
                .suffix(suffix)
                .build();
    }

    private PartitionData in(String region) {
        PartitionData partition = new PartitionData(table.spec().partitionType());
        partition.set(0, region);
        return partition;
    }
}
