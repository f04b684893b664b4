package io.millrace.local.stack;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A port that the stack listens on; all are on 127.0.0.1. */
public enum Port {
    POSTGRES("postgres", 15432),
    MARIADB("mariadb", 13306),
    KINESIS("kinesis", 14567),
    KAFKA("kafka", 19092),
    KAFKA_CONTROLLER("kafka-controller", 19093),
    S3("s3", 19000),
    OPENSEARCH("opensearch", 19200),
    OPENSEARCH_TRANSPORT("opensearch-transport", 19300),
    REGISTRY("registry", 19010),
    /** Of the first capture; that of the second is one higher, and so on. */
    CAPTURE("capture", 18090),
    FLINK("flink", 18081),
    /** Where Prometheus reads the metrics of the job. */
    METRICS("metrics", 19249);

    private final String key;
    private final int standard;

    Port(String key, int standard) {
        this.key = key;
        this.standard = standard;
    }

    /** The name in {@code --port NAME=N}. */
    public String key() {
        return key;
    }

    /** The port's number if nobody says otherwise. */
    public int standard() {
        return standard;
    }

    /** The port of a name in {@code --port NAME=N}; empty if there is none. */
    public static Optional<Port> of(String key) {
        return Arrays.stream(values()).filter(port -> port.key.equals(key)).findFirst();
    }

    /** All names, for messages. */
    public static String keys() {
        return Arrays.stream(values()).map(Port::key).collect(Collectors.joining(", "));
    }
}
