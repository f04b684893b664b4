package io.millrace.benchmarks.sink;

import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.iceberg.UpsertTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.sink.FlinkSink;

/** A sink, and the format version that it writes. */
public enum Contender {
    /** Iceberg's own sink in upsert mode: equality deletes. */
    STOCK_V2("stock v2", 2),
    /** Our sink with position-delete files. */
    OURS_V2("ours v2", 2),
    /** Our sink with deletion vectors. */
    OURS_V3("ours v3", 3);

    private static final String CATALOG = "bench";

    private final String title;
    private final int formatVersion;

    Contender(String title, int formatVersion) {
        this.title = title;
        this.formatVersion = formatVersion;
    }

    String title() {
        return title;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int formatVersion() {
        return formatVersion;
    }

    /** Adds the sink; the table exists. */
    void append(DataStream<RowData> rows, Map<String, String> catalog, TableIdentifier table, int parallelism) {
        if (this == STOCK_V2) {
            String implementation = "jdbc".equals(catalog.get("type"))
                    ? CatalogUtil.ICEBERG_CATALOG_JDBC
                    : CatalogUtil.ICEBERG_CATALOG_HADOOP;
            FlinkSink.forRowData(rows)
                    .tableLoader(TableLoader.fromCatalog(
                            org.apache.iceberg.flink.CatalogLoader.custom(
                                    CATALOG, catalog, new Configuration(), implementation),
                            table))
                    .equalityFieldColumns(List.of("id"))
                    .distributionMode(DistributionMode.HASH)
                    .upsert(true)
                    // Else it has as many writers as the source.
                    .writeParallelism(parallelism)
                    .append();
            return;
        }
        KeyIndexedUpsertSink.forChanges(new Orders.Reader(table))
                .catalog(io.millrace.iceberg.CatalogLoader.ofProperties(CATALOG, catalog))
                .pipeline("benchmark")
                .tables(List.of(new UpsertTable(table, List.of("id"), List.of(), formatVersion, Map.of())))
                .appendTo(rows.keyBy(row -> row.getLong(0)));
    }
}
