package io.millrace.local.reconcile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row that looked different, and what was seen of it since. Source and target are never read at the same moment, so a
 * row whose change is under way looks different until the change has arrived.
 */
final class Suspect {
    private static final RowDigest GONE = new RowDigest(0, 0);

    private final List<String> key;
    private final Set<RowDigest> seenAtSource = new HashSet<>();
    private @Nullable RowDigest firstAtTarget;

    Suspect(List<String> key) {
        this.key = key;
    }

    List<String> key() {
        return key;
    }

    /**
     * Looks at the row again; null if it is settled.
     *
     * <p>That is when both sides are equal, or when the target has moved on to a version that the source had at an earlier
     * look: the source's row then changes faster than the target follows, and the target does follow.
     */
    @Nullable
    Difference lookAgain(@Nullable ComparedRow atSource, List<ComparedRow> atTarget, ComparedTable table) {
        RowDigest target = atTarget.isEmpty() ? GONE : table.digest(atTarget.get(0));
        if (firstAtTarget == null) {
            firstAtTarget = target;
        }
        boolean followed = atTarget.size() <= 1 && !target.equals(firstAtTarget) && seenAtSource.contains(target);
        seenAtSource.add(atSource == null ? GONE : table.digest(atSource));
        if (atTarget.size() > 1) {
            return new Difference(Difference.Kind.DUPLICATE, key, List.of());
        }
        if (followed) {
            return null;
        }
        if (atTarget.isEmpty()) {
            return atSource == null ? null : new Difference(Difference.Kind.MISSING, key, List.of());
        }
        if (atSource == null) {
            return new Difference(Difference.Kind.EXTRA, key, List.of());
        }
        return atSource.sameAs(atTarget.get(0))
                ? null
                : new Difference(Difference.Kind.CHANGED, key, atSource.differences(atTarget.get(0), table.columns()));
    }
}
