package io.millrace.batch.compact.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which partitions are listed in which manifest, so that a query of some partitions reads few manifests: partitions stay in
 * their order, and each manifest takes about as many files.
 */
public final class ManifestRanges {
    private ManifestRanges() {}

    /**
     * Deals partitions out.
     *
     * @param partitions a partition for each file, in the partitions' order
     * @param manifests how many manifests there should be; at least 1
     * @return each partition's manifest, from 0
     */
    public static <P> Map<P, Integer> of(List<P> partitions, int manifests) {
        Map<P, Integer> files = new HashMap<>();
        List<P> inOrder = new ArrayList<>();
        for (P partition : partitions) {
            if (files.merge(partition, 1, Integer::sum) == 1) {
                inOrder.add(partition);
            }
        }
        Map<P, Integer> ranges = new HashMap<>();
        long before = 0;
        for (P partition : inOrder) {
            ranges.put(partition, (int) (before * manifests / partitions.size()));
            before += files.getOrDefault(partition, 0);
        }
        return ranges;
    }
}
