package io.millrace.stream.source.flink;

import io.millrace.schemas.pipeline.Connections;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source.Transport;
import io.millrace.schemas.replay.ReplayRequest;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.AmazonKinesis;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.DescribeStreamSummaryRequest;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.ResourceInUseException;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.kinesis.model.ResourceNotFoundException;
import org.apache.flink.streaming.connectors.kinesis.util.AWSUtil;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Sees to it that the replay stream of a pipeline is there before the job, which reads it from its start on. */
public final class ReplayStreams {
    private static final int TRIES = 120;
    private static final long PAUSE_MILLIS = 500;

    private ReplayStreams() {}

    /** Makes the stream if there is none. */
    public static void ensure(Pipeline pipeline) throws InterruptedException {
        String stream = ReplayRequest.streamOf(pipeline.name());
        if (pipeline.sources().get(0).transport() == Transport.KAFKA) {
            ensureTopic(pipeline.connections().kafka(), stream);
        } else {
            ensureStream(pipeline.connections().kinesis(), stream);
        }
    }

    private static void ensureStream(Connections.Kinesis connection, String stream) throws InterruptedException {
        AmazonKinesis client = AWSUtil.createKinesisClient(KinesisSource.settings(connection));
        try {
            for (int tries = 0; !isActive(client, stream); tries++) {
                if (tries == TRIES) {
                    throw new IllegalStateException(
                            "Cannot start: stream " + stream + " does not become active. Look at it in Kinesis");
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } finally {
            client.shutdown();
        }
    }

    private static boolean isActive(AmazonKinesis client, String stream) {
        try {
            return client.describeStreamSummary(new DescribeStreamSummaryRequest().withStreamName(stream))
                    .getStreamDescriptionSummary()
                    .getStreamStatus()
                    .equals("ACTIVE");
        } catch (ResourceNotFoundException missing) {
            try {
                client.createStream(stream, 1);
            } catch (ResourceInUseException e) {
                return false;
            }
            return false;
        }
    }

    private static void ensureTopic(Connections.Kafka connection, String topic) throws InterruptedException {
        Properties settings = new Properties();
        settings.putAll(connection.properties());
        settings.setProperty(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", connection.bootstrapServers()));
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(
                        "Cannot create topic: " + topic + ". Create it, or allow the job's user to", e.getCause());
            }
        }
    }
}
