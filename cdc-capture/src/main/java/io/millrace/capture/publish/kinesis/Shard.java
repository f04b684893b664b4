package io.millrace.capture.publish.kinesis;

import java.math.BigInteger;

/**
 * An open shard of a stream.
 *
 * @param id its name
 * @param first the lowest hash key that it takes
 * @param last the highest hash key that it takes
 */
record Shard(String id, BigInteger first, BigInteger last) {

    boolean takes(BigInteger hashKey) {
        return hashKey.compareTo(first) >= 0 && hashKey.compareTo(last) <= 0;
    }
}
