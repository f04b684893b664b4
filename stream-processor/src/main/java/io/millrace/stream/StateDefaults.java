package io.millrace.stream;

import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.rocksdb.CompactionStyle;

/** How the job's state is kept where the cluster does not say otherwise: for look-ups of single keys, most of them new or recent. */
public final class StateDefaults {
    private static final List<Default<?>> ALL = List.of(
            new Default<>(StateBackendOptions.STATE_BACKEND, "rocksdb"),
            new Default<>(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true),
            // Most look-ups of a first load are of keys that are not there yet; later ones need not search every file.
            new Default<>(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true),
            // A filter as one block grows too large for a shard of the cache, and is then read from the disk at each
            // look-up.
            new Default<>(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, true),
            // Each checkpoint adds a small file. Levels would rewrite much of the state for every fourth of them.
            new Default<>(RocksDBConfigurableOptions.COMPACTION_STYLE, CompactionStyle.UNIVERSAL),
            // A large compaction must not keep small ones waiting.
            new Default<>(RocksDBConfigurableOptions.MAX_BACKGROUND_THREADS, 4));

    private StateDefaults() {}

    private record Default<T>(ConfigOption<T> option, T value) {
        void addTo(Configuration settings, ReadableConfig cluster) {
            if (cluster.getOptional(option).isEmpty()) {
                settings.set(option, value);
            }
        }
    }

    /** Sets what a cluster's own settings leave open. */
    public static void apply(Configuration settings, ReadableConfig cluster) {
        ALL.forEach(each -> each.addTo(settings, cluster));
    }
}
