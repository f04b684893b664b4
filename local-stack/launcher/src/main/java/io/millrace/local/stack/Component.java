package io.millrace.local.stack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A process of the stack, before it runs.
 *
 * @param name its name in files, options and messages, such as {@code kinesis}
 * @param title its name as people read it
 * @param command the program and its arguments
 * @param atFirst more arguments when it is first started, but not when it is started again
 * @param environment what is added to the launcher's own environment
 * @param after the components that must be healthy before it starts
 * @param ports what it listens on, by the names that choose them
 * @param address what to open or connect to
 * @param readiness how it shows that it answers
 * @param startTimeout how long it may take to get ready
 * @param grace how long it may take to stop
 */
record Component(
        String name,
        String title,
        List<String> command,
        List<String> atFirst,
        Map<String, String> environment,
        Set<String> after,
        Map<String, Integer> ports,
        String address,
        Readiness readiness,
        Duration startTimeout,
        Duration grace) {

    /** For so long a server outlives a launcher that was killed; jobs, which need servers to stop well, do not. */
    private static final Duration LINGER = Duration.ofSeconds(6);

    /** How long it lives on when the launcher has died. */
    Duration linger() {
        return after.isEmpty() ? LINGER : Duration.ZERO;
    }

    /** The port that the address names. */
    int port() {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalStateException("No port of its own: " + name);
        }
        return port;
    }

    /** This component as it is first started. */
    Component first() {
        List<String> all = Stream.concat(command.stream(), atFirst.stream()).toList();
        return new Component(
                name, title, all, List.of(), environment, after, ports, address, readiness, startTimeout, grace);
    }
}
