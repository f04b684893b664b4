package io.millrace.batch.compact.rewrite;

import io.millrace.batch.compact.rewrite.DeletesSince.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delete files that say of the output of a rewrite what was said of its inputs meanwhile, from attempt to attempt: what an
 * attempt has written of an output stays good for the next one, which adds what has been deleted since. Else a writer that
 * commits faster than an attempt takes would win for ever, as what there is to write only grows.
 */
final class CarriedDeletes {
    private static final Logger LOG = LoggerFactory.getLogger(CarriedDeletes.class);
    private static final int MOST_FILES_OF_AN_OUTPUT = 5;

    private final Table table;
    private final RewrittenGroup group;
    private final List<OfOutput> outputs = new ArrayList<>();
    private final Map<DeleteFile, DeleteFile> remainders = new HashMap<>();
    private final List<DeleteFile> emptied = new ArrayList<>();

    CarriedDeletes(Table table, RewrittenGroup group) {
        this.table = table;
        this.group = group;
        group.outputs().forEach(output -> outputs.add(new OfOutput(output)));
    }

    /** What is deleted of an output, and the files that say so. */
    private static final class OfOutput {
        private final RewrittenFile output;
        private final List<DeleteFile> files = new ArrayList<>();
        private Roaring64Bitmap told = new Roaring64Bitmap();

        OfOutput(RewrittenFile output) {
            this.output = output;
        }
    }

    /** Delete files of the outputs. */
    List<DeleteFile> files() {
        return outputs.stream().flatMap(output -> output.files.stream()).toList();
    }

    /** What is left of shared delete files when the inputs' rows are taken out, by the file whose place it takes. */
    Map<DeleteFile, DeleteFile> remainders() {
        return remainders;
    }

    /** Shared delete files of which nothing is left. */
    List<DeleteFile> emptied() {
        return emptied;
    }

    /** How many rows of the outputs are deleted. */
    long rows() {
        return outputs.stream()
                .mapToLong(output -> output.told.getLongCardinality())
                .sum();
    }

    /**
     * Finds the deleted rows in the outputs and writes delete files for those that none of its files tells of; commits
     * nothing.
     *
     * @param since all that was deleted since the start of the rewrite
     */
    void follow(DeletesSince since) throws InputsGone {
        forgetRemainders();
        boolean vectors = TableUtil.formatVersion(table) >= 3;
        if (vectors && !since.shared().isEmpty()) {
            throw new InputsGone("the table's format version has changed");
        }
        boolean any = false;
        for (OfOutput output : outputs) {
            Roaring64Bitmap deleted = since.any() ? locate(output.output, since) : new Roaring64Bitmap();
            any |= !deleted.isEmpty();
            if (!deleted.equals(output.told)) {
                tell(output, deleted, vectors);
            }
        }
        if (any) {
            since.shared().forEach(this::takeInputsOut);
        }
    }

    private Roaring64Bitmap locate(RewrittenFile output, DeletesSince since) {
        Roaring64Bitmap deleted = new Roaring64Bitmap();
        try {
            RowOrigins.read(
                    table.io().newInputFile(output.origins()).newStream(),
                    group.inputs().size(),
                    output.file().recordCount(),
                    (row, input, position) -> {
                        if (since.positions().get(input).contains(position)) {
                            deleted.addLong(row);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the origins of a rewritten file: " + output.origins(), e);
        }
        return deleted;
    }

    /** Files that tell of rows which are not deleted any more are useless, as after a rollback; and a vector stands alone. */
    private void tell(OfOutput output, Roaring64Bitmap deleted, boolean vectors) {
        Roaring64Bitmap restored = new Roaring64Bitmap();
        restored.or(output.told);
        restored.andNot(deleted);
        if (vectors || !restored.isEmpty() || output.files.size() == MOST_FILES_OF_AN_OUTPUT) {
            delete(output.files);
            output.files.clear();
            output.told = new Roaring64Bitmap();
        }
        Roaring64Bitmap untold = new Roaring64Bitmap();
        untold.or(deleted);
        untold.andNot(output.told);
        if (!untold.isEmpty()) {
            output.files.addAll(vectors ? vector(output.output, untold) : List.of(positions(output.output, untold)));
        }
        output.told = deleted;
    }

    private DeleteFile positions(RewrittenFile output, Roaring64Bitmap rows) {
        PositionDeleteList list = new PositionDeleteList(table, names(FileFormat.PARQUET), output.file());
        list.add(output.file().location(), rows);
        return list.toDeleteFile();
    }

    private List<DeleteFile> vector(RewrittenFile output, Roaring64Bitmap rows) {
        BaseDVFileWriter writer = new BaseDVFileWriter(names(FileFormat.PUFFIN), dataFile -> null);
        try (writer) {
            rows.forEach((long row) -> writer.delete(
                    output.file().location(),
                    row,
                    table.specs().get(output.file().specId()),
                    output.file().partition()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write deletion vectors for " + table.name(), e);
        }
        return writer.result().deleteFiles();
    }

    private void takeInputsOut(Shared shared) {
        if (shared.ofOthers().isEmpty()) {
            emptied.add(shared.file());
            return;
        }
        PositionDeleteList list = new PositionDeleteList(
                table, names(FileFormat.PARQUET), group.inputs().get(0).file());
        shared.ofOthers().forEach(list::add);
        remainders.put(shared.file(), list.toDeleteFile());
    }

    /** Deletes all that was written; for who gives the group up. */
    void discard() {
        Set<DeleteFile> written = new HashSet<>(files());
        written.addAll(remainders.values());
        delete(written);
        abandon();
    }

    /** Begins new ones and leaves the files alone: a snapshot that nobody has seen yet may have them. */
    void abandon() {
        outputs.forEach(output -> {
            output.files.clear();
            output.told = new Roaring64Bitmap();
        });
        remainders.clear();
        emptied.clear();
    }

    /** Their sources are replaced with each commit of a writer that merges its delete files. */
    private void forgetRemainders() {
        delete(remainders.values());
        remainders.clear();
        emptied.clear();
    }

    private void delete(Iterable<? extends ContentFile<?>> files) {
        for (ContentFile<?> file : files) {
            try {
                table.io().deleteFile(file.location());
            } catch (RuntimeException e) {
                LOG.warn("Cannot delete {}: it is removed as an orphan later", file.location(), e);
            }
        }
    }

    private OutputFileFactory names(FileFormat format) {
        return OutputFileFactory.builderFor(table, 0, 0)
                .operationId(group.id() + "-" + System.nanoTime())
                .defaultSpec(group.inputs().get(0).spec())
                .format(format)
                .suffix("deletes")
                .build();
    }
}
