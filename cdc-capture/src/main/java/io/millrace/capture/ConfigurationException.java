package io.millrace.capture;

import java.util.List;

/** The capture cannot start as it is configured, or as its servers are. One line a problem, each beginning with "Cannot". */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
