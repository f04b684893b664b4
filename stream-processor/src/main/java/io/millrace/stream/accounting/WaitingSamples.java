package io.millrace.stream.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Samples of changes that are not visible yet, by the table that they are written to. Kept in memory alone. */
public final class WaitingSamples {
    /** A bound on memory, for a catalog that is away for long. */
    private static final int MOST_OF_A_TABLE = 10_000;

    private final Map<String, List<CommitSample>> samples = new HashMap<>();

    /** Takes a sample. */
    public void add(CommitSample sample) {
        List<CommitSample> ofTable = samples.computeIfAbsent(sample.target(), target -> new ArrayList<>());
        if (ofTable.size() < MOST_OF_A_TABLE) {
            ofTable.add(sample);
        }
    }

    /** Gives away the samples of a table that a commit has made visible: those of its checkpoint and of earlier ones. */
    public List<CommitSample> committed(String target, long checkpoint) {
        List<CommitSample> visible = new ArrayList<>();
        Iterator<CommitSample> ofTable =
                samples.getOrDefault(target, new ArrayList<>()).iterator();
        while (ofTable.hasNext()) {
            CommitSample sample = ofTable.next();
            if (sample.checkpoint() <= checkpoint) {
                visible.add(sample);
                ofTable.remove();
            }
        }
        return visible;
    }
}
