package io.millrace.local.launcher;

import io.millrace.local.stack.Ports;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the components listen. */
public final class PortOptions {

    @Option(
            names = "--port",
            paramLabel = "NAME=N",
            description =
                    "The port of one component: postgres, kinesis, s3, opensearch, opensearch-transport, registry,"
                            + " capture or flink. May be given several times.")
    private Map<String, Integer> chosen = new LinkedHashMap<>();

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Added to the default port of every component, so that two stacks run side by side.")
    private int offset;

    /**
     * The ports.
     *
     * @throws io.millrace.local.stack.StackProblem with all mistakes
     */
    public Ports ports() {
        return Ports.of(offset, chosen);
    }
}
