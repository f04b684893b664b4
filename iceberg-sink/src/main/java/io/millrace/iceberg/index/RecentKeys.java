package io.millrace.iceberg.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * An index that remembers in memory the locations that it was given last, so that most keys need not be looked up in the
 * state. Everything is written through: the state is always complete.
 *
 * <p>A key is remembered by a 128-bit hash of its serialized form. Two of a billion keys have the same hash with a
 * probability of 10<sup>-21</sup>, also if somebody picks the keys, as the hash has a key of its own that nobody knows.
 */
public final class RecentKeys<K> implements KeyIndex<K> {
    private final KeyIndex<K> all;
    private final TypeSerializer<K> serializer;
    private final DataOutputSerializer serialized = new DataOutputSerializer(64);
    private final SipHash hash;
    private final LocationCache recent;

    /**
     * Starts with nothing remembered.
     *
     * @param all the index itself; nobody else may change it
     * @param mostBytes the memory for it, 32 bytes a key
     */
    public RecentKeys(KeyIndex<K> all, TypeSerializer<K> serializer, long mostBytes) {
        SecureRandom random = new SecureRandom();
        this.all = all;
        this.serializer = serializer;
        this.hash = new SipHash(random.nextLong(), random.nextLong());
        this.recent = new LocationCache(mostBytes);
    }

    private void hash(K key) {
        serialized.clear();
        try {
            serializer.serialize(key, serialized);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot serialize a row's key", e);
        }
        hash.hash(serialized.getSharedBuffer(), serialized.length());
    }

    @Override
    public @Nullable RowLocation get(K key) {
        hash(key);
        RowLocation known = recent.get(hash.high(), hash.low());
        return known == null ? all.get(key) : known;
    }

    @Override
    public void put(K key, RowLocation location) {
        all.put(key, location);
        hash(key);
        recent.put(hash.high(), hash.low(), location);
    }

    @Override
    public @Nullable RowLocation exchange(K key, RowLocation location) {
        hash(key);
        RowLocation earlier = recent.get(hash.high(), hash.low());
        if (earlier == null) {
            earlier = all.exchange(key, location);
        } else {
            all.put(key, location);
        }
        recent.put(hash.high(), hash.low(), location);
        return earlier;
    }

    @Override
    public void remove(K key) {
        all.remove(key);
        hash(key);
        recent.remove(hash.high(), hash.low());
    }

    @Override
    public int group(K key) {
        return all.group(key);
    }

    @Override
    public int groups() {
        return all.groups();
    }

    @Override
    public boolean owns(K key) {
        return all.owns(key);
    }
}
