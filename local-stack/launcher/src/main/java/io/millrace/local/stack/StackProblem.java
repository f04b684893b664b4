package io.millrace.local.stack;

import java.util.List;

/** The stack does not start or has stopped, for reasons that are told to the user as they are. */
public final class StackProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> messages;
    private final int exitCode;

    private StackProblem(List<String> messages, int exitCode) {
        super(String.join("\n", messages));
        this.messages = List.copyOf(messages);
        this.exitCode = exitCode;
    }

    /** Something did not work: exit code 1. */
    public static StackProblem failure(String... messages) {
        return new StackProblem(List.of(messages), 1);
    }

    /** Something did not work: exit code 1. */
    public static StackProblem failure(List<String> messages) {
        return new StackProblem(messages, 1);
    }

    /** Wrong usage or configuration: exit code 2. */
    public static StackProblem usage(String... messages) {
        return new StackProblem(List.of(messages), 2);
    }

    /** Wrong usage or configuration: exit code 2. */
    public static StackProblem usage(List<String> messages) {
        return new StackProblem(messages, 2);
    }

    /** What to print, a line each; the first begins with {@code Cannot}. */
    public List<String> messages() {
        return messages;
    }

    /** What the process ends with: 2 for wrong usage or configuration, 1 for anything else. */
    public int exitCode() {
        return exitCode;
    }
}
