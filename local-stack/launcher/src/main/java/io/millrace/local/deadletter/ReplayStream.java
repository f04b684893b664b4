package io.millrace.local.deadletter;

import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source.Transport;
import io.millrace.schemas.replay.ReplayRequest;
import io.millrace.schemas.replay.StreamRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stream that carries decisions about dead letters, and rows that are to be repaired, to the job. */
public interface ReplayStream extends AutoCloseable {

    /** Credentials that a local server accepts. */
    record Credentials(String accessKey, String secretKey) {}

    /** Puts requests on the stream; all of them are there when it returns. */
    void send(List<? extends StreamRequest> requests);

    /** The most bytes that a record may have. */
    int largestRecord();

    @Override
    void close();

    /**
     * The replay stream of a pipeline.
     *
     * @param credentials for Kinesis; null for the AWS SDK's default chain
     */
    static ReplayStream of(Pipeline pipeline, @Nullable Credentials credentials) {
        String stream = ReplayRequest.streamOf(pipeline.name());
        return pipeline.sources().get(0).transport() == Transport.KAFKA
                ? new KafkaReplayStream(pipeline.connections().kafka(), stream)
                : new KinesisReplayStream(pipeline.connections().kinesis(), stream, credentials);
    }
}
