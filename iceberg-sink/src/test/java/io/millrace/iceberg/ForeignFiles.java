package io.millrace.iceberg;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/** Files of a table without partitions as another sink might have written them, not committed yet. */
public final class ForeignFiles {
    private ForeignFiles() {}

    /** A data file. */
    public static DataFile data(Table table, List<Record> rows) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(newFile(table))
                .schema(table.schema())
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .build();
        try (writer) {
            rows.forEach(writer::write);
        }
        return writer.toDataFile();
    }

    /** A delete file for all rows whose first column has the value of one of these rows. */
    public static DeleteFile equalityDeletes(Table table, List<Record> rows) throws IOException {
        EqualityDeleteWriter<Record> writer = Parquet.writeDeletes(newFile(table))
                .createWriterFunc(GenericParquetWriter::create)
                .rowSchema(table.schema())
                .withSpec(table.spec())
                .equalityFieldIds(table.schema().columns().get(0).fieldId())
                .buildEqualityWriter();
        try (writer) {
            rows.forEach(writer::write);
        }
        return writer.toDeleteFile();
    }

    /** A delete file of format version 2 for the row at a position of each of several data files. */
    public static DeleteFile positionDeletes(Table table, Collection<DataFile> files, long position)
            throws IOException {
        PositionDeleteWriter<Record> writer =
                Parquet.writeDeletes(newFile(table)).withSpec(table.spec()).buildPositionWriter();
        try (writer) {
            files.stream()
                    .map(DataFile::location)
                    .sorted()
                    .forEach(
                            file -> writer.write(PositionDelete.<Record>create().set(file, position)));
        }
        return writer.toDeleteFile();
    }

    private static OutputFile newFile(Table table) {
        return table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet");
    }
}
