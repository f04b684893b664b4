package io.millrace.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.batch.compact.ParcelTable;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.OutputFileFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFilesTest {
    @TempDir
    Path folder;

    @Test
    void filesOfATableWithoutPartitionsLieInNoEmptyFolder() {
        Table table = table(PartitionSpec.unpartitioned());

        assertThat(location(table, new PartitionData(table.spec().partitionType())))
                .matches(".*/data/[^/]+\\.parquet");
    }

    @Test
    void filesOfAPartitionLieInItsFolder() {
        Table table = table(
                PartitionSpec.builderFor(ParcelTable.SCHEMA).identity("region").build());
        PartitionData north = new PartitionData(table.spec().partitionType());
        north.set(0, "north");

        assertThat(location(table, north)).matches(".*/data/region=north/[^/]+\\.parquet");
    }

    private static String location(Table table, PartitionData partition) {
        OutputFileFactory files = OutputFileFactory.builderFor(table, 0, 0).build();
        return NewFiles.of(files, table.spec(), partition)
                .encryptingOutputFile()
                .location();
    }

    private Table table(PartitionSpec spec) {
        return new HadoopTables(new Configuration())
                .create(ParcelTable.SCHEMA, spec, folder.resolve("table").toString());
    }
}
