package io.millrace.capture.publish.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.capture.publish.StreamRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.clientlibrary.types.UserRecord;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void flinkUnpacksWhatWasPacked(long seed) {
        Random random = new Random(seed);
        Aggregate aggregate = new Aggregate();
        for (int i = 0; i < 2 + random.nextInt(300); i++) {
            byte[] data = new byte[random.nextInt(3000)];
            random.nextBytes(data);
            StreamRecord record = new StreamRecord("täble|" + random.nextInt(20), data);
            int size = aggregate.sizeWith(record);
            aggregate.add(record);
            assertThat(aggregate.bytes()).as("seed " + seed).isEqualTo(size);
        }
        byte[] packed = aggregate.encode();
        assertThat(packed).as("seed " + seed).hasSize(aggregate.bytes());
        List<UserRecord> unpacked = UserRecord.deaggregate(List.of(
                new Record().withPartitionKey("any").withSequenceNumber("1").withData(ByteBuffer.wrap(packed))));
        assertThat(unpacked).hasSameSizeAs(aggregate.records());
        for (int i = 0; i < unpacked.size(); i++) {
            assertThat(unpacked.get(i).getPartitionKey())
                    .isEqualTo(aggregate.records().get(i).partitionKey());
            assertThat(unpacked.get(i).getData())
                    .isEqualTo(ByteBuffer.wrap(aggregate.records().get(i).data()));
        }
    }

    @Test
    void oneRecordAloneIsNotPacked() {
        Aggregate aggregate = new Aggregate();
        aggregate.add(new StreamRecord("key", new byte[] {3, 0, 7}));
        assertThat(aggregate.encode()).containsExactly(3, 0, 7);
    }
}
