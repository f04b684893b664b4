package io.millrace.batch.raw.land;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sorts the files of a folder by what a run has to do with them.
 *
 * @param fresh to be loaded, in DMS's order
 * @param known loaded before, and as they were then
 * @param suspect loaded before, but of another size or time: to be compared by their contents
 * @param young changed so recently that somebody may still be writing them
 */
public record Selection(
        List<LandedFile> fresh, List<LandedFile> known, List<LandedFile> suspect, List<LandedFile> young) {

    /**
     * What was seen of a file when it was loaded.
     *
     * @param sha256 of its bytes, in hexadecimal
     * @param fields how many values its lines have, operation and time not counted
     */
    public record Loaded(long bytes, long modifiedMillis, String sha256, int fields) {}

    /**
     * Sorts them.
     *
     * @param loaded the files of earlier loads, by path
     */
    public static Selection of(List<LandedFile> files, Map<String, Loaded> loaded, Duration minAge, Instant now) {
        Selection selection = new Selection(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long newest = now.minus(minAge).toEpochMilli();
        for (LandedFile file : files) {
            Loaded before = loaded.get(file.path());
            if (before == null) {
                (file.modifiedMillis() > newest ? selection.young : selection.fresh).add(file);
            } else if (before.bytes() == file.bytes() && before.modifiedMillis() == file.modifiedMillis()) {
                selection.known.add(file);
            } else {
                selection.suspect.add(file);
            }
        }
        selection.fresh.sort(ChangeVersion::compare);
        return selection;
    }
}
