package io.millrace.batch.compact.upkeep;

import io.millrace.batch.compact.rewrite.DeletedPositions;
import io.millrace.batch.compact.rewrite.TableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.DeleteFileSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops delete files that delete nothing any more.
 *
 * <p>A delete file dangles if no scan of the newest snapshot opens it, or if it holds positions of several data files all of
 * which are gone. It stays so: a data file that comes later is younger than the delete, or was made from one that the delete
 * applies to, and then the delete does not dangle now.
 */
public final class DanglingDeletes {
    private static final Logger LOG = LoggerFactory.getLogger(DanglingDeletes.class);
    private static final int ATTEMPTS = 5;

    private DanglingDeletes() {}

    /**
     * Drops them in one commit.
     *
     * @return how many were dropped; 0 if there were none, or if others kept changing them: the next run finds them again
     */
    public static int drop(Table table) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            table.refresh();
            Snapshot head = table.currentSnapshot();
            DeleteFileSet dangling = head == null ? DeleteFileSet.create() : find(table, head);
            if (dangling.isEmpty()) {
                return 0;
            }
            RewriteFiles rewrite = table.newRewrite();
            dangling.forEach(rewrite::deleteFile);
            rewrite.set("millrace.upkeep", "dangling-deletes");
            try {
                rewrite.commit();
                return dangling.size();
            } catch (ValidationException e) {
                LOG.info("{}: somebody else drops delete files as well, looking again", table.name());
            }
        }
        return 0;
    }

    private static DeleteFileSet find(Table table, Snapshot head) {
        List<ManifestFile> manifests = head.deleteManifests(table.io());
        DeleteFileSet dangling = DeleteFileSet.create();
        if (manifests.isEmpty()) {
            return dangling;
        }
        TableFiles files = TableFiles.of(table, head);
        DeleteFileSet opened = DeleteFileSet.create();
        files.tasks().values().forEach(task -> opened.addAll(task.deletes()));
        for (ManifestFile manifest : manifests) {
            try (ManifestReader<DeleteFile> deletes =
                    ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                for (DeleteFile delete : deletes) {
                    if (!opened.contains(delete)
                            || pointsNowhere(table, delete, files.tasks().keySet())) {
                        dangling.add(delete.copy());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read a manifest of " + table.name(), e);
            }
        }
        return dangling;
    }

    private static boolean pointsNowhere(Table table, DeleteFile delete, Set<String> dataFiles) {
        if (delete.content() != FileContent.POSITION_DELETES || ContentFileUtil.isFileScoped(delete)) {
            return false;
        }
        AtomicBoolean somewhere = new AtomicBoolean();
        DeletedPositions.read(table, delete, (dataFile, position) -> {
            if (dataFiles.contains(dataFile)) {
                somewhere.set(true);
            }
        });
        return !somewhere.get();
    }
}
