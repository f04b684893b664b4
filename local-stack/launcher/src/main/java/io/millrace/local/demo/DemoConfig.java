package io.millrace.local.demo;

import io.millrace.local.stack.StackConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * What to show.
 *
 * @param stack what to start, with a data directory of the demo's own
 * @param started when the launcher was started
 * @param duration how long the workload runs
 * @param rate row changes in a second
 * @param lanes connections of the workload
 * @param seed of the workload
 * @param stay whether to keep everything running until Ctrl-C
 * @param terminal whether lines can be drawn over
 */
public record DemoConfig(
        StackConfig stack,
        Instant started,
        Duration duration,
        double rate,
        int lanes,
        long seed,
        boolean stay,
        boolean terminal) {}
