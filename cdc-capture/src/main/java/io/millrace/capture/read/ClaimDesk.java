package io.millrace.capture.read;

import io.millrace.capture.encode.SourceFields;
import io.millrace.capture.status.CaptureMeter;
import io.millrace.capture.storage.Digest;
import io.millrace.capture.storage.ObjectStore;
import io.millrace.schemas.decode.ClaimCheck;
import io.millrace.schemas.event.TableId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps payloads that are too large for the stream in object storage, and gives a claim check for each.
 *
 * <p>An object's name is the change's position and a hash of its content. The same payload goes to the same object however
 * often it is tried, and no later attempt changes what an earlier claim check on the stream stands for, although Debezium
 * stamps a change that it reads again with another reading time.
 */
final class ClaimDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimDesk.class);

    private final ObjectStore store;
    private final int recordLimit;
    private final CaptureMeter meter;

    /** A desk for a stream with this {@link io.millrace.capture.publish.Publisher#recordLimit()}. */
    ClaimDesk(ObjectStore store, int recordLimit, CaptureMeter meter) {
        this.store = store;
        this.recordLimit = recordLimit;
        this.meter = meter;
    }

    boolean exceedsLimit(String partitionKey, byte[] payload) {
        return payload.length + partitionKey.getBytes(StandardCharsets.UTF_8).length > recordLimit;
    }

    /** Stores a payload and returns the record that stands for it. */
    byte[] deposit(TableId table, Struct position, byte[] payload) {
        String name = "claims/" + table + "/" + SourceFields.position(position).replace(':', '-') + "-"
                + Digest.sha256(payload);
        store.write(name, payload);
        meter.claimChecked();
        LOG.debug("A change of {} has {} bytes: kept in storage", table, payload.length);
        return ClaimCheck.of(store.address(name), payload).encode();
    }
}
