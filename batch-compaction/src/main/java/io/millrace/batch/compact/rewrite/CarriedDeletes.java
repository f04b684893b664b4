package io.millrace.batch.compact.rewrite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Delete files that say of the output of a rewrite what was said of its inputs meanwhile.
 *
 * @param files delete files of the outputs; one for each output that lost rows
 * @param remainders what is left of shared delete files when the inputs' rows are taken out, by the file whose place it takes
 * @param emptied shared delete files of which nothing is left
 * @param rows how many rows of the outputs are deleted
 */
record CarriedDeletes(
        List<DeleteFile> files, Map<DeleteFile, DeleteFile> remainders, List<DeleteFile> emptied, long rows) {

    static final CarriedDeletes NONE = new CarriedDeletes(List.of(), Map.of(), List.of(), 0);

    /** The files that were written. */
    List<DeleteFile> written() {
        List<DeleteFile> written = new ArrayList<>(files);
        written.addAll(remainders.values());
        return written;
    }

    /** Finds the deleted rows in the outputs and writes delete files for them; commits nothing. */
    static CarriedDeletes write(Table table, RewrittenGroup group, DeletesSince since) throws InputsGone {
        Map<DataFile, Roaring64Bitmap> deleted = since.any() ? locate(table, group, since) : Map.of();
        if (deleted.isEmpty()) {
            return NONE;
        }
        long rows = deleted.values().stream()
                .mapToLong(Roaring64Bitmap::getLongCardinality)
                .sum();
        if (TableUtil.formatVersion(table) >= 3) {
            if (!since.shared().isEmpty()) {
                throw new InputsGone("the table's format version has changed");
            }
            return new CarriedDeletes(vectors(table, group, deleted), Map.of(), List.of(), rows);
        }
        return positionDeletes(table, group, since, deleted, rows);
    }

    private static Map<DataFile, Roaring64Bitmap> locate(Table table, RewrittenGroup group, DeletesSince since) {
        Map<DataFile, Roaring64Bitmap> deleted = new HashMap<>();
        for (RewrittenFile output : group.outputs()) {
            Roaring64Bitmap here = new Roaring64Bitmap();
            try {
                RowOrigins.read(
                        table.io().newInputFile(output.origins()).newStream(),
                        group.inputs().size(),
                        output.file().recordCount(),
                        (row, input, position) -> {
                            if (since.positions().get(input).contains(position)) {
                                here.addLong(row);
                            }
                        });
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the origins of a rewritten file: " + output.origins(), e);
            }
            if (!here.isEmpty()) {
                deleted.put(output.file(), here);
            }
        }
        return deleted;
    }

    private static List<DeleteFile> vectors(Table table, RewrittenGroup group, Map<DataFile, Roaring64Bitmap> deleted) {
        BaseDVFileWriter writer = new BaseDVFileWriter(files(table, group, FileFormat.PUFFIN), dataFile -> null);
        try (writer) {
            deleted.forEach((file, rows) -> rows.forEach((long row) ->
                    writer.delete(file.location(), row, table.specs().get(file.specId()), file.partition())));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write deletion vectors for " + table.name(), e);
        }
        return writer.result().deleteFiles();
    }

    private static CarriedDeletes positionDeletes(
            Table table, RewrittenGroup group, DeletesSince since, Map<DataFile, Roaring64Bitmap> deleted, long rows) {
        OutputFileFactory factory = files(table, group, FileFormat.PARQUET);
        List<DeleteFile> files = new ArrayList<>();
        deleted.forEach((file, positions) -> {
            PositionDeleteList list = new PositionDeleteList(table, factory, file);
            positions.forEach((long row) -> list.add(file.location(), row));
            files.add(list.toDeleteFile());
        });
        Set<String> inputs = new HashSet<>();
        group.inputs().forEach(task -> inputs.add(task.file().location()));
        Map<DeleteFile, DeleteFile> remainders = new HashMap<>();
        List<DeleteFile> emptied = new ArrayList<>();
        for (DeleteFile shared : since.shared()) {
            PositionDeleteList list =
                    new PositionDeleteList(table, factory, group.inputs().get(0).file());
            DeletedPositions.read(table, shared, (dataFile, position) -> {
                if (!inputs.contains(dataFile)) {
                    list.add(dataFile, position);
                }
            });
            if (list.isEmpty()) {
                emptied.add(shared);
            } else {
                remainders.put(shared, list.toDeleteFile());
            }
        }
        return new CarriedDeletes(files, remainders, emptied, rows);
    }

    private static OutputFileFactory files(Table table, RewrittenGroup group, FileFormat format) {
        return OutputFileFactory.builderFor(table, 0, 0)
                .operationId(group.id() + "-" + System.nanoTime())
                .defaultSpec(group.inputs().get(0).spec())
                .format(format)
                .suffix("deletes")
                .build();
    }
}
