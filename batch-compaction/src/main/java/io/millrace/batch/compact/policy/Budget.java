package io.millrace.batch.compact.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Divides what a run may read among tables: the most rewarding groups of all tables come first, whatever table they are of. */
public final class Budget {
    private Budget() {}

    /**
     * Divides a budget.
     *
     * @param wishes for each table the groups that it would gain by
     * @return what each table's groups that fit into the budget take
     */
    public static <T> Map<T, Long> divide(long bytes, Map<T, List<FileGroup>> wishes) {
        Map<T, Long> shares = new LinkedHashMap<>();
        List<Wish<T>> all = new ArrayList<>();
        wishes.forEach((table, groups) -> {
            shares.put(table, 0L);
            groups.forEach(group -> all.add(new Wish<>(table, group)));
        });
        all.sort(Comparator.comparingDouble((Wish<T> wish) -> wish.group().score())
                .reversed());
        long left = bytes;
        for (Wish<T> wish : all) {
            if (wish.group().bytes() <= left) {
                left -= wish.group().bytes();
                shares.merge(wish.table(), wish.group().bytes(), Long::sum);
            }
        }
        return shares;
    }

    private record Wish<T>(T table, FileGroup group) {}
}
