package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.PipelineProblems.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with a pipeline's files. */
final class Problems {
    private final List<Found> found = new ArrayList<>();

    /**
     * A place in a file.
     *
     * @param order the file's number among those that are read
     * @param file the file's name
     * @param line the line, from 1; 0 for the file as a whole
     */
    record Place(int order, String file, int line) {
        @Override
        public String toString() {
            return line == 0 ? file : file + " line " + line;
        }
    }

    private record Found(Place place, Problem problem) {}

    /**
     * Adds a problem.
     *
     * @param key the setting's full path
     * @param what the problem in the shape "Cannot do: value. What to do", without a full stop
     */
    void add(Place place, String key, String what) {
        found.add(new Found(place, new Problem(key, what + " (" + place + ")")));
    }

    /** The problems in the order of the files. */
    List<Problem> inOrder() {
        return found.stream()
                .sorted(Comparator.comparingInt((Found one) -> one.place().order())
                        .thenComparingInt(one -> one.place().line()))
                .map(Found::problem)
                .toList();
    }

    boolean any() {
        return !found.isEmpty();
    }
}
