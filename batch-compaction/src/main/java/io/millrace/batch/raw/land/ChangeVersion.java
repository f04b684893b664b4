package io.millrace.batch.raw.land;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a change stands among all changes of its key, as a text that compares as the changes do.
 *
 * <pre>
 * phase ' ' commit time ' ' file's name ' ' file's path ' ' line
 * </pre>
 *
 * <p>Phase: rows of a full load stand before all changes, whatever their times say: DMS gives them the time at which it read
 * them, and changes that were committed meanwhile come in files of changes with earlier times. Time: of the commit, if files
 * have it, else the same for all. Name: DMS names files of changes by the time at which it began them and writes those of one table
 * one after another, so that names are in order. Path: decides between files of one name. Line: DMS writes changes in the
 * order in which it read them from the source's log.
 */
public final class ChangeVersion {
    /** Makes times positive, and of one length. */
    private static final long SHIFT = 1_000_000_000_000_000_000L;

    private final String before;
    private final boolean timed;
    private final String behind;

    private ChangeVersion(String before, boolean timed, String behind) {
        this.before = before;
        this.timed = timed;
        this.behind = behind;
    }

    /** The versions of a file's lines. */
    public static ChangeVersion of(LandedFile file) {
        return new ChangeVersion(
                file.isLoad() ? "0 " : "1 ", !file.isLoad(), " " + file.stem() + " " + file.path() + " ");
    }

    /**
     * The version of a line.
     *
     * @param commitMicros the commit's time, in microseconds since 1970-01-01T00:00Z; null if the file does not say it
     */
    public String at(@Nullable Long commitMicros, long line) {
        long time = timed && commitMicros != null ? commitMicros + SHIFT : 0;
        return before + String.format(Locale.ROOT, "%019d", time) + behind + String.format(Locale.ROOT, "%010d", line);
    }

    /** Orders files as DMS wrote them. */
    public static int compare(LandedFile one, LandedFile other) {
        return of(one).at(null, 0).compareTo(of(other).at(null, 0));
    }
}
