package io.millrace.batch.mart.deadline;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * Publishes alerts to an SNS topic: the text is the message, and the message's attributes name the pipeline and the marts, so
 * that subscriptions can filter by them. Region and account are those of the topic's address; credentials come from AWS's
 * default chain, which needs {@code sns:Publish} on the topic.
 */
public final class SnsTopic implements Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(SnsTopic.class);

    private final String topic;
    private final String pipeline;
    private final SnsClientBuilder client;

    private SnsTopic(String topic, String pipeline, SnsClientBuilder client) {
        this.topic = topic;
        this.pipeline = pipeline;
        this.client = client;
    }

    /** Whether an address is a topic's: {@code arn:aws:sns:eu-central-1:123456789012:alerts}. */
    public static boolean isOne(URI address) {
        return Arn.tryFromString(address.toString())
                .filter(arn -> arn.service().equals("sns") && arn.region().isPresent())
                .isPresent();
    }

    /** A topic by its address. */
    public static SnsTopic of(URI address, String pipeline) {
        String region = Arn.fromString(address.toString()).region().orElseThrow();
        return of(
                address,
                pipeline,
                SnsClient.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .region(Region.of(region)));
    }

    static SnsTopic of(URI address, String pipeline, SnsClientBuilder client) {
        return new SnsTopic(address.toString(), pipeline, client);
    }

    @Override
    public void send(String text, List<String> marts) {
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("pipeline", attribute(pipeline));
        attributes.put("marts", attribute(String.join(",", marts)));
        try (SnsClient sns = client.build()) {
            sns.publish(message -> message.topicArn(topic)
                    .subject("Millrace: " + pipeline)
                    .message(text)
                    .messageAttributes(attributes));
        } catch (SdkException e) {
            LOG.error("Cannot send an alert to {}. The alert was: {}", topic, text, e);
        }
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
