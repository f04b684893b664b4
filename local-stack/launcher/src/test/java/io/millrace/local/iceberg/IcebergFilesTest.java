package io.millrace.local.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class IcebergFilesTest {
    private static final PartitionSpec NONE = PartitionSpec.unpartitioned();

    private static Table table(int version) {
        InMemoryCatalog catalog = new InMemoryCatalog();
        catalog.initialize("lab", Map.of());
        catalog.createNamespace(Namespace.of("lab"));
        return catalog.createTable(
                TableIdentifier.of("lab", "t"),
                new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
                NONE,
                Map.of("format-version", Integer.toString(version)));
    }

    private static DataFile data(String name) {
        return DataFiles.builder(NONE)
                .withPath("/" + name + ".parquet")
                .withFileSizeInBytes(10)
                .withRecordCount(2)
                .build();
    }

    private static FileMetadata.Builder deletes(String path) {
        return FileMetadata.deleteFileBuilder(NONE)
                .withPath(path)
                .withFileSizeInBytes(10)
                .withRecordCount(1);
    }

    @Test
    void tableWithoutSnapshotHasNone() {
        assertThat(IcebergFiles.of(table(2))).isEqualTo(new IcebergFiles(0, 0, 0, 0));
    }

    @Test
    void countsWhatTheCurrentSnapshotHolds() {
        Table table = table(2);
        table.newAppend()
                .appendFile(data("a"))
                .appendFile(data("b"))
                .appendFile(data("c"))
                .commit();
        table.newDelete().deleteFile(data("c")).commit();
        table.newRowDelta()
                .addDeletes(deletes("/p.parquet").ofPositionDeletes().build())
                .addDeletes(deletes("/e.parquet").ofEqualityDeletes(1).build())
                .commit();

        assertThat(IcebergFiles.of(table)).isEqualTo(new IcebergFiles(2, 1, 0, 1));
    }

    @Test
    void deletionVectorsAreCountedByThemselves() {
        Table table = table(3);
        table.newAppend().appendFile(data("a")).commit();
        table.newRowDelta()
                .addDeletes(deletes("/v.puffin")
                        .ofPositionDeletes()
                        .withFormat(FileFormat.PUFFIN)
                        .withReferencedDataFile("/a.parquet")
                        .withContentOffset(4)
                        .withContentSizeInBytes(6)
                        .build())
                .commit();

        assertThat(IcebergFiles.of(table)).isEqualTo(new IcebergFiles(1, 0, 1, 0));
    }

    @Test
    void namesInJsonAreThoseOfTheReport() throws Exception {
        IcebergFiles all = IcebergFiles.sum(List.of(new IcebergFiles(1, 2, 3, 0), new IcebergFiles(1, 0, 0, 0)));

        assertThat(new ObjectMapper().writeValueAsString(all))
                .isEqualTo("{\"data\":2,\"position_delete\":2,\"deletion_vector\":3,\"equality_delete\":0}");
    }
}
