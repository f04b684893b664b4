package io.millrace.batch.compact.policy;

/** The size of a data file against the target: how a table's files are counted before and after. */
public enum SizeClass {
    /** Under an eighth of the target. */
    TINY("<1/8"),
    /** Up to three quarters of the target. */
    SMALL("<3/4"),
    /** The target, give or take a quarter. */
    ON_TARGET("on target"),
    /** Over five quarters of the target. */
    LARGE(">5/4");

    private final String label;

    SizeClass(String label) {
        this.label = label;
    }

    public static SizeClass of(long bytes, long targetFileBytes) {
        if (bytes < targetFileBytes / 8) {
            return TINY;
        }
        if (bytes < targetFileBytes / 4 * 3) {
            return SMALL;
        }
        return bytes <= targetFileBytes / 4 * 5 ? ON_TARGET : LARGE;
    }

    @Override
    public String toString() {
        return label;
    }
}
