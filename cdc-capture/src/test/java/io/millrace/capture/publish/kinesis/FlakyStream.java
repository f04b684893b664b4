package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.publish.StreamUnavailableException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.clientlibrary.types.UserRecord;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.Record;

/**
 * A stream in memory that fails as Kinesis does: rejects entries, loses requests before and after storing them, and can be
 * resharded at any moment. Consumers see what Flink's own unpacking leaves of its records.
 */
final class FlakyStream implements Stream {
    private final Random random;
    private final double failureRate;
    /** Parents before their children. */
    private final List<Log> logs = new ArrayList<>();

    private int puts;

    private static final class Log {
        private final Shard shard;
        private final List<Entry> entries = new ArrayList<>();
        private boolean open = true;

        private Log(Shard shard) {
            this.shard = shard;
        }
    }

    FlakyStream(int shards, long seed, double failureRate) {
        this.random = new Random(seed);
        this.failureRate = failureRate;
        BigInteger width = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(shards));
        for (int i = 0; i < shards; i++) {
            BigInteger first = width.multiply(BigInteger.valueOf(i));
            BigInteger last = i == shards - 1 ? HashKey.MAX : first.add(width).subtract(BigInteger.ONE);
            logs.add(new Log(new Shard("shard-" + i, first, last)));
        }
    }

    /** Closes a shard in favor of two halves. */
    synchronized void split(String id) {
        Log parent = logs.stream()
                .filter(log -> log.shard.id().equals(id))
                .findFirst()
                .orElseThrow();
        parent.open = false;
        BigInteger middle = parent.shard.first().add(parent.shard.last()).shiftRight(1);
        logs.add(new Log(new Shard(id + "a", parent.shard.first(), middle)));
        logs.add(new Log(new Shard(id + "b", middle.add(BigInteger.ONE), parent.shard.last())));
    }

    synchronized int puts() {
        return puts;
    }

    @Override
    public synchronized List<Shard> openShards() {
        if (random.nextDouble() < failureRate) {
            throw new StreamUnavailableException("Cannot list shards", null);
        }
        return logs.stream().filter(log -> log.open).map(log -> log.shard).toList();
    }

    @Override
    public synchronized List<Outcome> put(List<Entry> entries) {
        puts++;
        if (random.nextDouble() < failureRate) {
            throw new StreamUnavailableException("Request lost", null);
        }
        List<Outcome> outcomes = entries.stream().map(this::put).collect(Collectors.toList());
        if (random.nextDouble() < failureRate) {
            throw new StreamUnavailableException("Answer lost", null);
        }
        return outcomes;
    }

    private Outcome put(Entry entry) {
        if (random.nextDouble() < failureRate) {
            return new Outcome.Rejected("ProvisionedThroughputExceededException");
        }
        BigInteger place = entry.explicitHashKey() == null ? HashKey.of(entry.partitionKey()) : entry.explicitHashKey();
        Log log = logs.stream()
                .filter(candidate -> candidate.open && candidate.shard.takes(place))
                .findFirst()
                .orElseThrow();
        log.entries.add(entry);
        return new Outcome.Stored(log.shard.id());
    }

    /** What consumers see, shard after shard, parents before children. */
    synchronized List<StreamRecord> consume() {
        List<StreamRecord> seen = new ArrayList<>();
        for (Log log : logs) {
            List<Record> records = log.entries.stream()
                    .map(entry -> new Record()
                            .withPartitionKey(entry.partitionKey())
                            .withSequenceNumber("1")
                            .withData(java.nio.ByteBuffer.wrap(entry.data())))
                    .toList();
            for (UserRecord record : UserRecord.deaggregate(records, log.shard.first(), log.shard.last())) {
                byte[] data = new byte[record.getData().remaining()];
                record.getData().get(data);
                seen.add(new StreamRecord(record.getPartitionKey(), data));
            }
        }
        return seen;
    }
}
