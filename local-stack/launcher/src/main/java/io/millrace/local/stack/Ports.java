package io.millrace.local.stack;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which port each component listens on.
 *
 * @param numbers a number for every {@link Port}
 */
public record Ports(Map<Port, Integer> numbers) {

    private static final int HIGHEST = 65535;

    public Ports {
        numbers = Map.copyOf(numbers);
    }

    /** The standard ports. */
    public static Ports standard() {
        return shifted(0);
    }

    /** The standard ports, all higher by the same number. */
    public static Ports shifted(int offset) {
        return of(offset, Map.of());
    }

    /**
     * The standard ports with a shift, except those that were chosen one by one.
     *
     * @param offset what is added to each standard port
     * @param chosen {@link Port#key()} to number; these are not shifted
     * @throws StackProblem with all mistakes, exit code 2
     */
    public static Ports of(int offset, Map<String, Integer> chosen) {
        List<String> mistakes = new ArrayList<>();
        Map<Port, Integer> numbers = new EnumMap<>(Port.class);
        for (Port port : Port.values()) {
            numbers.put(port, port.standard() + offset);
        }
        chosen.forEach((key, number) -> Port.of(key)
                .ifPresentOrElse(
                        port -> numbers.put(port, number),
                        () -> mistakes.add("Cannot set the port of: " + key + ". Known names: " + Port.keys() + ".")));
        numbers.forEach((port, number) -> {
            if (number < 1 || number > HIGHEST) {
                mistakes.add(
                        "Cannot use port %d for %s: choose one from 1 to %d.".formatted(number, port.key(), HIGHEST));
            }
        });
        Map<Integer, Port> owners = new HashMap<>();
        numbers.forEach((port, number) -> {
            Port other = owners.putIfAbsent(number, port);
            if (other != null) {
                mistakes.add("Cannot use port %d for both %s and %s: choose another with --port %s=N."
                        .formatted(number, other.key(), port.key(), port.key()));
            }
        });
        if (!mistakes.isEmpty()) {
            throw StackProblem.usage(mistakes);
        }
        return new Ports(numbers);
    }

    /** A port's number. */
    public int number(Port port) {
        Integer number = numbers.get(port);
        if (number == null) {
            throw new IllegalArgumentException("No number for port " + port);
        }
        return number;
    }
}
