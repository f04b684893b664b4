package io.millrace.batch.compact.upkeep;

import io.millrace.batch.compact.policy.ManifestRanges;
import io.millrace.batch.compact.rewrite.TableFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.util.PropertyUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small data manifests that a commit every few seconds leaves into few, ordered by partition.
 *
 * <p>Manifests of half the target and more stay. Delete manifests are left to the writers, which merge theirs as they
 * replace delete files: rewriting them here would only lose the race. Iceberg does the whole merge anew if a manifest goes
 * away meanwhile, so it does not lose to writers that append.
 */
final class ManifestMerge {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestMerge.class);
    private static final int WORTH_IT = 10;

    private ManifestMerge() {}

    /**
     * Merges them in one commit.
     *
     * @return how many manifests went; 0 if there was nothing to gain, or if others kept committing: the next run tries again
     */
    static int merge(Table table) {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return 0;
        }
        long target = PropertyUtil.propertyAsLong(
                table.properties(),
                TableProperties.MANIFEST_TARGET_SIZE_BYTES,
                TableProperties.MANIFEST_TARGET_SIZE_BYTES_DEFAULT);
        List<ManifestFile> small = head.dataManifests(table.io()).stream()
                .filter(manifest -> manifest.length() < target / 2)
                .toList();
        long bytes = small.stream().mapToLong(ManifestFile::length).sum();
        int after = Math.toIntExact(1 + bytes / target);
        if (small.size() < Math.max(WORTH_IT, 2 * after)) {
            return 0;
        }
        Map<String, Integer> ranges = after == 1 ? Map.of() : ManifestRanges.of(partitionsInOrder(table, head), after);
        try {
            table.rewriteManifests()
                    .rewriteIf(manifest -> manifest.length() < target / 2)
                    .clusterBy(file -> ranges.getOrDefault(partition(table, file), 0))
                    .set("millrace.upkeep", "manifests")
                    .commit();
        } catch (CommitFailedException e) {
            LOG.info("{}: others keep committing, manifests are merged another time", table.name());
            return 0;
        }
        return small.size() - after;
    }

    private static List<String> partitionsInOrder(Table table, Snapshot head) {
        List<DataFile> files = new ArrayList<>();
        TableFiles.of(table, head).tasks().values().forEach(task -> files.add(task.file()));
        Comparator<DataFile> bySpec = Comparator.comparingInt(ContentFile::specId);
        files.sort(bySpec.thenComparing((one, other) ->
                Comparators.forType(spec(table, one).partitionType()).compare(one.partition(), other.partition())));
        return files.stream().map(file -> partition(table, file)).toList();
    }

    private static String partition(Table table, DataFile file) {
        return file.specId() + "/" + spec(table, file).partitionToPath(file.partition());
    }

    private static PartitionSpec spec(Table table, DataFile file) {
        return Objects.requireNonNull(table.specs().get(file.specId()));
    }
}
