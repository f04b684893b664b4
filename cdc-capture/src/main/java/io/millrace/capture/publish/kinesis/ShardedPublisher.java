package io.millrace.capture.publish.kinesis;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.Publisher;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.publish.StreamUnavailableException;
import io.millrace.capture.publish.kinesis.Stream.Entry;
import io.millrace.capture.publish.kinesis.Stream.Outcome;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records on a stream of Kinesis. Records are packed into one aggregate per shard and request; shards proceed independently of each other, and what is
 * rejected or times out goes again before anything behind it. If an answer names another shard than the map does, the
 * stream was resharded: consumers would drop the part of the aggregate that is not the other shard's, so all of it goes
 * again by a fresh map.
 *
 * <p>For use by one thread.
 */
final class ShardedPublisher implements Publisher {
    /** Kinesis's limit for data and partition key together. */
    private static final int RECORD_BYTES = 1 << 20;
    /** Small enough to spread over many reads, large enough that a shard's 1,000 records a second do not matter. */
    private static final int AGGREGATE_BYTES = 256 << 10;
    /** Kinesis allows 5 MiB and 500 records; partition keys count as well. */
    private static final int REQUEST_BYTES = 4 << 20;

    private static final int REQUEST_ENTRIES = 500;
    private static final int PARALLEL_REQUESTS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(ShardedPublisher.class);

    private final Stream stream;
    private final Backoff backoff;
    private final PublishMeter meter;
    private final ExecutorService requests;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private Map<String, Lane> lanes = new LinkedHashMap<>();
    private @Nullable ShardMap shards;
    private int requestsUnderWay;

    /** A lane's share of a request. */
    private record Departure(Lane lane, Aggregate aggregate) {}

    private record Answer(
            List<Departure> departures,
            List<Outcome> outcomes,
            @Nullable RuntimeException failure) {}

    ShardedPublisher(Stream stream, Backoff backoff, PublishMeter meter) {
        this.stream = stream;
        this.backoff = backoff;
        this.meter = meter;
        this.requests = Executors.newFixedThreadPool(PARALLEL_REQUESTS, task -> {
            Thread thread = new Thread(task, "publish");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public int recordLimit() {
        return RECORD_BYTES;
    }

    @Override
    public void publish(Collection<StreamRecord> records) throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        route(records);
        while (!lanes.values().stream().allMatch(Lane::isEmpty)) {
            if (shards == null && requestsUnderWay == 0) {
                reroute();
            }
            if (shards != null) {
                depart();
            }
            Answer answer = awaitAnswer();
            if (answer != null) {
                settle(answer);
            }
        }
    }

    private void route(Collection<StreamRecord> records) throws InterruptedException {
        ShardMap map = shards == null ? readShards() : shards;
        for (StreamRecord record : records) {
            Shard shard = map.of(HashKey.of(record.partitionKey()));
            lanes.computeIfAbsent(shard.id(), id -> new Lane(shard, System.nanoTime()))
                    .add(record);
        }
    }

    /** A key's records all wait in one lane, so lane after lane keeps each key's order. */
    private void reroute() throws InterruptedException {
        Map<String, Lane> before = lanes;
        lanes = new LinkedHashMap<>();
        for (Lane lane : before.values()) {
            route(lane.waiting());
        }
    }

    private ShardMap readShards() throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                ShardMap map = new ShardMap(stream.openShards());
                LOG.info("Publishing to {} shards", map.size());
                shards = map;
                return map;
            } catch (StreamUnavailableException e) {
                meter.retried();
                LOG.warn("{}; trying again", e.getMessage());
                TimeUnit.NANOSECONDS.sleep(backoff.after(failures).toNanos());
            }
        }
    }

    private void depart() {
        List<Departure> departures = new ArrayList<>();
        int bytes = 0;
        long now = System.nanoTime();
        for (Lane lane : lanes.values()) {
            if (!lane.isWaiting() || lane.restAt(now) > 0) {
                continue;
            }
            Aggregate aggregate = lane.depart(AGGREGATE_BYTES);
            int size = aggregate.bytes();
            if (!departures.isEmpty() && (bytes + size > REQUEST_BYTES || departures.size() == REQUEST_ENTRIES)) {
                send(departures);
                departures = new ArrayList<>();
                bytes = 0;
            }
            departures.add(new Departure(lane, aggregate));
            bytes += size;
        }
        if (!departures.isEmpty()) {
            send(departures);
        }
    }

    private void send(List<Departure> departures) {
        requestsUnderWay++;
        requests.execute(() -> {
            try {
                List<Entry> entries =
                        departures.stream().map(ShardedPublisher::entry).toList();
                answers.add(new Answer(departures, stream.put(entries), null));
            } catch (RuntimeException e) {
                answers.add(new Answer(departures, List.of(), e));
            }
        });
    }

    private static Entry entry(Departure departure) {
        List<StreamRecord> records = departure.aggregate.records();
        BigInteger place = records.size() == 1 ? null : departure.lane.shard().first();
        return new Entry(records.get(0).partitionKey(), place, departure.aggregate.encode());
    }

    private @Nullable Answer awaitAnswer() throws InterruptedException {
        long now = System.nanoTime();
        long rest = shards == null
                ? Long.MAX_VALUE
                : lanes.values().stream()
                        .filter(Lane::isWaiting)
                        .mapToLong(lane -> lane.restAt(now))
                        .min()
                        .orElse(Long.MAX_VALUE);
        if (requestsUnderWay == 0 && rest == Long.MAX_VALUE) {
            return null;
        }
        return answers.poll(Math.max(rest, 0), TimeUnit.NANOSECONDS);
    }

    private void settle(Answer answer) {
        requestsUnderWay--;
        if (answer.failure != null && !(answer.failure instanceof StreamUnavailableException)) {
            throw answer.failure;
        }
        for (int i = 0; i < answer.departures.size(); i++) {
            Lane lane = answer.departures.get(i).lane;
            Aggregate aggregate = answer.departures.get(i).aggregate;
            if (answer.failure != null) {
                turnBack(lane, String.valueOf(answer.failure.getMessage()));
            } else if (answer.outcomes.get(i) instanceof Outcome.Rejected rejected) {
                turnBack(lane, rejected.code());
            } else if (answer.outcomes.get(i) instanceof Outcome.Stored stored) {
                arrive(lane, aggregate, stored.shard());
            }
        }
    }

    private void turnBack(Lane lane, String reason) {
        lane.turnedBack(backoff, System.nanoTime());
        meter.retried();
        LOG.warn(
                "Cannot put records on shard {}: {}; trying again", lane.shard().id(), reason);
    }

    private void arrive(Lane lane, Aggregate aggregate, String shard) {
        if (shard.equals(lane.shard().id())) {
            lane.arrived();
            meter.published(aggregate.records().size(), aggregate.bytes());
        } else {
            LOG.info(
                    "Records for shard {} are in {}: the stream was resharded; publishing them again",
                    lane.shard().id(),
                    shard);
            lane.misrouted();
            shards = null;
        }
    }

    @Override
    public void close() {
        requests.shutdownNow();
    }
}
