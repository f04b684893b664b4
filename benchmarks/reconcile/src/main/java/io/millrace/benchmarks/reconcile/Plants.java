package io.millrace.benchmarks.reconcile;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows that one place has otherwise than the two others: 37 of all kinds, at random keys. */
final class Plants {
    private static final int OF_A_KIND = 3;

    private final long rows;
    private final Map<Long, Plant> plants = new HashMap<>();
    private long extra;

    /** What is wrong with a row at a place. */
    enum Kind {
        MISSING,
        EXTRA,
        CHANGED,
        NULL_OR_EMPTY
    }

    private record Plant(Place place, Kind kind) {}

    Plants(long rows, long seed) {
        this.rows = rows;
        Random random = new Random(seed);
        for (Place place : Place.values()) {
            for (Kind kind : Kind.values()) {
                for (int i = 0; i < OF_A_KIND; i++) {
                    plant(place, kind, random);
                }
            }
        }
        plant(Place.ICEBERG, Kind.NULL_OR_EMPTY, random);
    }

    private void plant(Place place, Kind kind, Random random) {
        long id = kind == Kind.EXTRA ? rows + extra++ : Math.floorMod(random.nextLong(), rows);
        while (plants.containsKey(id) || (kind == Kind.NULL_OR_EMPTY && id % 3 == 2)) {
            id = Math.floorMod(random.nextLong(), rows);
        }
        plants.put(id, new Plant(place, kind));
    }

    int count() {
        return plants.size();
    }

    /** Gives the rows from one id to before another, as a place has them; rows that only one place has come last. */
    void rows(Place place, long from, long to, Consumer<Parcel> consumer) {
        for (long id = from; id < to; id++) {
            Parcel row = row(place, id);
            if (row != null) {
                consumer.accept(row);
            }
        }
        if (to == rows) {
            for (long id = rows; id < rows + extra; id++) {
                Plant plant = plants.get(id);
                if (plant != null && plant.place() == place) {
                    consumer.accept(Parcel.of(id));
                }
            }
        }
    }

    private @Nullable Parcel row(Place place, long id) {
        Parcel row = Parcel.of(id);
        Plant plant = plants.get(id);
        if (plant == null || plant.place() != place) {
            return row;
        }
        return switch (plant.kind()) {
            case MISSING -> null;
            case EXTRA -> row;
            case CHANGED -> new Parcel(id, row.amount().add(new BigDecimal("0.01")), row.note());
            case NULL_OR_EMPTY -> new Parcel(id, row.amount(), row.note() == null ? "" : null);
        };
    }

    /** What a comparison must find in a target, as {@code KIND id}. */
    Set<String> expected(Place target) {
        Set<String> expected = new TreeSet<>();
        plants.forEach((id, plant) -> {
            if (plant.place() == target) {
                expected.add((plant.kind() == Kind.NULL_OR_EMPTY ? Kind.CHANGED : plant.kind()) + " " + id);
            } else if (plant.place() == Place.SOURCE) {
                expected.add(switch (plant.kind()) {
                            case MISSING -> Kind.EXTRA;
                            case EXTRA -> Kind.MISSING;
                            case CHANGED, NULL_OR_EMPTY -> Kind.CHANGED;
                        }
                        + " " + id);
            }
        });
        return expected;
    }
}
