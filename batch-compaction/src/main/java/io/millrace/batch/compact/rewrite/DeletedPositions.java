package io.millrace.batch.compact.rewrite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptingFileIO;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.util.ContentFileUtil;

/** Reads what position-delete files and deletion vectors say: which row of which data file is gone. */
public final class DeletedPositions {
    private DeletedPositions() {}

    /** Passes on every deleted row as data file and position, in the file's order. */
    public static void read(Table table, DeleteFile delete, BiConsumer<String, Long> deleted) {
        EncryptingFileIO io = EncryptingFileIO.combine(table.io(), table.encryption());
        if (ContentFileUtil.isDV(delete)) {
            String dataFile = delete.referencedDataFile();
            new BaseDeleteLoader(io::newInputFile)
                    .loadPositionDeletes(List.of(delete), dataFile)
                    .forEach(position -> deleted.accept(dataFile, position));
            return;
        }
        ReadBuilder<Record, Schema> reader =
                FormatModelRegistry.readBuilder(delete.format(), Record.class, io.newInputFile(delete));
        try (CloseableIterable<Record> rows =
                reader.project(DeleteSchemaUtil.pathPosSchema()).build()) {
            rows.forEach(row -> deleted.accept(row.get(0, CharSequence.class).toString(), row.get(1, Long.class)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read position deletes: " + delete.location(), e);
        }
    }
}
