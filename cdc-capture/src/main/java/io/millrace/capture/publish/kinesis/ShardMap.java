package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.StreamUnavailableException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The open shards of a stream at one moment; together they take every hash key exactly once. */
final class ShardMap {
    private final TreeMap<BigInteger, Shard> byFirst = new TreeMap<>();

    /**
     * Takes the open shards.
     *
     * @throws StreamUnavailableException if they leave a gap or overlap, as they may in the middle of a resharding
     */
    ShardMap(Collection<Shard> shards) {
        shards.forEach(shard -> byFirst.put(shard.first(), shard));
        BigInteger next = BigInteger.ZERO;
        for (Shard shard : byFirst.values()) {
            if (!shard.first().equals(next)) {
                throw new StreamUnavailableException("Cannot read shards: no open shard takes hash key " + next, null);
            }
            next = shard.last().add(BigInteger.ONE);
        }
        if (byFirst.size() != shards.size() || next.compareTo(HashKey.MAX) <= 0) {
            throw new StreamUnavailableException("Cannot read shards: they do not take every hash key once", null);
        }
    }

    Shard of(BigInteger hashKey) {
        Map.Entry<BigInteger, Shard> shard = byFirst.floorEntry(hashKey);
        if (shard == null) {
            throw new IllegalArgumentException("Cannot place hash key: " + hashKey);
        }
        return shard.getValue();
    }

    int size() {
        return byFirst.size();
    }
}
