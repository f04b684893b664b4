package io.millrace.stream;

import io.millrace.schemas.pipeline.Pipeline;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Lets tests in other packages run a job as the product does. */
public final class TestJobs {

    private TestJobs() {}

    /** Sets what {@link IngestionJob} sets. */
    public static void applySettings(StreamExecutionEnvironment env, Pipeline pipeline) {
        JobSettings.apply(env, pipeline);
    }
}
