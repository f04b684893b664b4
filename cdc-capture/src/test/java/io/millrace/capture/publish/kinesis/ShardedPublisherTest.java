package io.millrace.capture.publish.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.publish.Backoff;
import io.millrace.capture.publish.PublishMeter;
import io.millrace.capture.publish.StreamRecord;
import io.millrace.capture.publish.StreamRefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedPublisherTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofNanos(50_000), Duration.ofMillis(1));

    private final CountingMeter meter = new CountingMeter();

    private static final class CountingMeter implements PublishMeter {
        private int records;
        private int retries;

        @Override
        public void published(int published, int bytes) {
            records += published;
        }

        @Override
        public void retried() {
            retries++;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRecordArrivesAndNoneOvertakesAnOlderOneOfItsKey(long seed) throws Exception {
        FlakyStream stream = new FlakyStream(4, seed, 0.3);
        List<StreamRecord> records = records(seed, 3000, 40);
        try (ShardedPublisher publisher = new ShardedPublisher(stream, BACKOFF, meter)) {
            for (int i = 0; i < records.size(); i += 100) {
                publisher.publish(records.subList(i, i + 100));
            }
        }
        assertInOrder(records, stream.consume(), seed);
        assertThat(meter.retries).as("seed " + seed).isPositive();
        assertThat(meter.records).isEqualTo(records.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void reshardingLosesNothing(long seed) throws Exception {
        FlakyStream stream = new FlakyStream(2, seed, 0.1);
        List<StreamRecord> records = records(seed, 3000, 40);
        try (ShardedPublisher publisher = new ShardedPublisher(stream, BACKOFF, meter)) {
            for (int i = 0; i < records.size(); i += 100) {
                if (i == 1000) {
                    stream.split("shard-0");
                }
                if (i == 2000) {
                    stream.split("shard-1");
                    stream.split("shard-0b");
                }
                publisher.publish(records.subList(i, i + 100));
            }
        }
        assertInOrder(records, stream.consume(), seed);
    }

    @Test
    void manyRecordsTravelInFewRequests() throws Exception {
        FlakyStream stream = new FlakyStream(4, 1, 0);
        try (ShardedPublisher publisher = new ShardedPublisher(stream, BACKOFF, meter)) {
            publisher.publish(records(1, 2000, 500));
        }
        assertThat(stream.puts()).isLessThan(10);
        assertThat(stream.consume()).hasSize(2000);
    }

    @Test
    void refusedRecordsEndThePublishing() {
        Stream refusing = new Stream() {
            @Override
            public List<Shard> openShards() {
                return new FlakyStream(1, 1, 0).openShards();
            }

            @Override
            public List<Outcome> put(List<Entry> entries) {
                throw new StreamRefusedException("Cannot put records: no such stream", null);
            }
        };
        try (ShardedPublisher publisher = new ShardedPublisher(refusing, BACKOFF, meter)) {
            assertThatThrownBy(() -> publisher.publish(records(1, 10, 2))).isInstanceOf(StreamRefusedException.class);
        }
    }

    /** Keys drawn at random; the payload counts the records of its key, and has a length of its own. */
    private static List<StreamRecord> records(long seed, int count, int keys) {
        Random random = new Random(seed);
        Map<String, Integer> numbers = new HashMap<>();
        List<StreamRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "shop.public.item|" + random.nextInt(keys);
            int number = numbers.merge(key, 1, Integer::sum);
            int length = random.nextInt(50) == 0 ? 100_000 : random.nextInt(2000);
            records.add(new StreamRecord(
                    key, ByteBuffer.allocate(4 + length).putInt(number).array()));
        }
        return records;
    }

    /** Repeats are allowed; a number may only be seen when all before it have been. */
    private static void assertInOrder(List<StreamRecord> sent, List<StreamRecord> seen, long seed) {
        Map<String, Integer> reached = new HashMap<>();
        for (StreamRecord record : seen) {
            int number = ByteBuffer.wrap(record.data()).getInt();
            int before = reached.getOrDefault(record.partitionKey(), 0);
            assertThat(number)
                    .as("next of " + record.partitionKey() + ", seed " + seed)
                    .isLessThanOrEqualTo(before + 1);
            reached.put(record.partitionKey(), Math.max(before, number));
        }
        Map<String, Integer> last = new HashMap<>();
        sent.forEach(record -> last.merge(record.partitionKey(), 1, Integer::sum));
        assertThat(reached).as("seed " + seed).isEqualTo(last);
    }
}
