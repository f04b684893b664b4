package io.millrace.batch.compact.upkeep;

import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateProperties;

/**
 * Has each commit delete the metadata file that is older than the last so many: every commit writes one, and lists them all
 * in the next. Tables whose owner has decided about that are left as they are.
 */
final class MetadataFiles {
    private MetadataFiles() {}

    /**
     * Sets what the table's properties leave open.
     *
     * @param versions how many metadata files stay beside the newest
     * @return whether anything was left open
     */
    static boolean limit(Table table, int versions) {
        table.refresh();
        Map<String, String> properties = table.properties();
        if (properties.containsKey(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED)) {
            return false;
        }
        UpdateProperties update =
                table.updateProperties().set(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
        if (!properties.containsKey(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX)) {
            update.set(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, Integer.toString(versions));
        }
        update.commit();
        return true;
    }
}
