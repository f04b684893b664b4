package io.millrace.benchmarks.compaction;

import io.millrace.iceberg.CatalogLoader;
import io.millrace.iceberg.KeyIndexedUpsertSink;
import io.millrace.iceberg.UpsertTable;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.flink.sink.FlinkSink;

/** Who writes the table that is compacted, and thereby which kind of deletes it holds. */
enum StreamSink {
    /** Ours: position deletes. */
    KEY_INDEXED("upserts of our sink, position deletes", "compaction") {
        @Override
        void append(DataStream<Long> changes, ParcelHistory history, Map<String, String> catalog, int parallelism) {
            KeyIndexedUpsertSink.forChanges(new Parcels.Reader(history))
                    .catalog(CatalogLoader.ofProperties("bench", catalog))
                    .pipeline("bench")
                    .tables(List.of(new UpsertTable(Parcels.TABLE, List.of("id"), List.of("day"), 2, Map.of())))
                    .appendTo(changes.keyBy(history::id, Types.LONG));
        }
    },
    /** Iceberg's own in upsert mode: equality deletes. */
    STOCK("upserts of Iceberg's `FlinkSink`, equality deletes", "compaction-stock-sink") {
        @Override
        void append(DataStream<Long> changes, ParcelHistory history, Map<String, String> catalog, int parallelism) {
            InternalTypeInfo<RowData> type = InternalTypeInfo.of(FlinkSchemaUtil.convert(Parcels.SCHEMA));
            DataStream<RowData> rows = changes.map(change -> Parcels.row(history, change))
                    .returns(type)
                    .setParallelism(1)
                    .uid("rows");
            FlinkSink.forRowData(rows)
                    .tableLoader(TableLoader.fromCatalog(
                            org.apache.iceberg.flink.CatalogLoader.custom(
                                    "bench", catalog, new Configuration(), "org.apache.iceberg.jdbc.JdbcCatalog"),
                            Parcels.TABLE))
                    .equalityFieldColumns(List.of("id", "day"))
                    .upsert(true)
                    .writeParallelism(parallelism)
                    .uidPrefix("stock")
                    .append();
        }
    };

    private final String title;
    private final String topic;

    StreamSink(String title, String topic) {
        this.title = title;
        this.topic = topic;
    }

    String title() {
        return title;
    }

    /** Names the data file, and the part of the page. */
    String topic() {
        return topic;
    }

    /** Ends a job of changes, each given by its number, with the sink. */
    abstract void append(DataStream<Long> changes, ParcelHistory history, Map<String, String> catalog, int parallelism);
}
