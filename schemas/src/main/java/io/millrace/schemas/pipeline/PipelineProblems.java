package io.millrace.schemas.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with a pipeline file, reported at once. The message has one line a problem. */
public final class PipelineProblems extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param key the full path of the setting, such as {@code tables[1].key}; empty if it is the file as a whole
     * @param message what is wrong and what would be right; begins with "Cannot" and holds no secret
     */
    public record Problem(String key, String message) {

        /** The problem in one line. */
        @Override
        public String toString() {
            return message;
        }
    }

    public PipelineProblems(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems in the order of the file; at least one. */
    public List<Problem> problems() {
        return problems;
    }
}
