package io.millrace.local.chaos;

import io.millrace.iceberg.ChangeReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/** Tells the sink how to read a change: table, key, number. */
final class LogReader implements ChangeReader<Tuple3<Integer, Long, Long>, Tuple2<Integer, Long>> {
    private static final long serialVersionUID = 1L;

    private final String namespace;
    private final List<ChangeLog> logs;

    LogReader(String namespace, List<ChangeLog> logs) {
        this.namespace = namespace;
        this.logs = new ArrayList<>(logs);
    }

    @Override
    public TableIdentifier table(Tuple3<Integer, Long, Long> change) {
        return TableIdentifier.of(namespace, "t" + change.f0);
    }

    @Override
    public boolean isDelete(Tuple3<Integer, Long, Long> change) {
        return change.f1 != ChangeLog.CLOCK && logs.get(change.f0).isDelete(change.f2);
    }

    @Override
    public Schema schema(Tuple3<Integer, Long, Long> change) {
        return ChangeLog.SCHEMA;
    }

    @Override
    public @Nullable Object value(Tuple3<Integer, Long, Long> change, int column) {
        return logs.get(change.f0).row(change.f1, change.f2).get(column);
    }

    @Override
    public Tuple2<Integer, Long> keyOf(TableIdentifier table, Schema keySchema, StructLike keyValues) {
        return Tuple2.of(Integer.parseInt(table.name().substring(1)), keyValues.get(0, Long.class));
    }
}
