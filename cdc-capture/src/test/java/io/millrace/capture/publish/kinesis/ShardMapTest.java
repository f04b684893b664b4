package io.millrace.capture.publish.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.capture.publish.StreamUnavailableException;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardMapTest {
    private static final BigInteger HALF = BigInteger.ONE.shiftLeft(127);
    private static final Shard LOW = new Shard("low", BigInteger.ZERO, HALF.subtract(BigInteger.ONE));
    private static final Shard HIGH = new Shard("high", HALF, HashKey.MAX);

    @Test
    void hashKeysAtTheEdgesHaveTheirShard() {
        ShardMap map = new ShardMap(List.of(HIGH, LOW));
        assertThat(List.of(
                        map.of(BigInteger.ZERO),
                        map.of(HALF.subtract(BigInteger.ONE)),
                        map.of(HALF),
                        map.of(HashKey.MAX)))
                .containsExactly(LOW, LOW, HIGH, HIGH);
    }

    @Test
    void gapInTheMiddleOfAReshardingIsToBeTriedAgain() {
        assertThatThrownBy(() -> new ShardMap(List.of(LOW))).isInstanceOf(StreamUnavailableException.class);
        assertThatThrownBy(() -> new ShardMap(List.of(HIGH))).isInstanceOf(StreamUnavailableException.class);
    }

    @Test
    void shardsOfOneBeginningAreToBeTriedAgain() {
        assertThatThrownBy(() -> new ShardMap(List.of(LOW, LOW, HIGH))).isInstanceOf(StreamUnavailableException.class);
    }
}
