package io.millrace.local.endtoend;

import io.millrace.local.reconcile.SearchCluster;
import io.millrace.schemas.pipeline.Pipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Changes the targets behind the pipeline's back, as another engine or a careless hand would. */
final class Tampering {
    private final Pipeline pipeline;

    Tampering(LivePipeline live) {
        pipeline = live.pipeline();
    }

    /** Answers a request of the index's cluster. */
    void index(String method, String path, String body) throws IOException, InterruptedException {
        SearchCluster.of(pipeline.connections().opensearch()).request(method, path, body);
    }

    /**
     * Writes a table anew, as a copy-on-write engine does.
     *
     * @param each makes of a row what is to be there instead: no row, itself, another
     * @param extra ids of rows that are added, which have nothing else
     */
    void iceberg(TableIdentifier identifier, Function<Record, List<Record>> each, LongStream extra) throws IOException {
        Map<String, String> properties = pipeline.connections().iceberg().properties();
        Catalog catalog =
                CatalogUtil.buildIcebergCatalog(pipeline.connections().iceberg().catalog(), properties, null);
        Table table = catalog.loadTable(identifier);
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> live = IcebergGenerics.read(table).build()) {
            live.forEach(row -> rows.addAll(each.apply(row)));
        }
        extra.forEach(id -> {
            GenericRecord row = GenericRecord.create(table.schema());
            row.setField("id", id);
            rows.add(row);
        });
        OverwriteFiles overwrite = table.newOverwrite();
        try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
            files.forEach(file -> overwrite.deleteFile(file.file()));
        }
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        InternalRecordWrapper wrapper = new InternalRecordWrapper(table.schema().asStruct());
        Map<PartitionKey, List<Record>> byPartition = new HashMap<>();
        for (Record row : rows) {
            partition.partition(wrapper.wrap(row));
            byPartition
                    .computeIfAbsent(partition.copy(), any -> new ArrayList<>())
                    .add(row);
        }
        for (Map.Entry<PartitionKey, List<Record>> file : byPartition.entrySet()) {
            DataWriter<Record> writer = Parquet.writeData(table.io()
                            .newOutputFile(table.locationProvider()
                                    .newDataLocation(table.spec(), file.getKey(), UUID.randomUUID() + ".parquet")))
                    .forTable(table)
                    .createWriterFunc(GenericParquetWriter::create)
                    .withPartition(file.getKey())
                    .build();
            try (writer) {
                file.getValue().forEach(writer::write);
            }
            overwrite.addFile(writer.toDataFile());
        }
        overwrite.commit();
    }
}
