package io.millrace.iceberg.scan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;

/**
 * Reads each delete file once for all the data files that it bears on, as long as it is not too large: a partition may have
 * a handful of them for thousands of small files.
 */
final class SharedDeletes extends BaseDeleteLoader {

    /** Of all delete files that are kept, as Iceberg estimates what they take. */
    private static final long MOST_BYTES = 32 << 20;

    private final Cache<String, Loaded> loaded = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((String file, Loaded deletes) -> (int) deletes.bytes())
            .executor(Runnable::run)
            .build();

    SharedDeletes(Table table) {
        super(table.io()::newInputFile);
    }

    private record Loaded(Object deletes, long bytes) {}

    @Override
    protected boolean canCache(long bytes) {
        return bytes <= MOST_BYTES / 4;
    }

    @Override
    @SuppressWarnings("unchecked") // What was loaded under a key is asked for as what it is.
    protected <V> V getOrLoad(String key, Supplier<V> load, long bytes) {
        return (V) loaded.get(key, file -> new Loaded(load.get(), bytes)).deletes();
    }
}
