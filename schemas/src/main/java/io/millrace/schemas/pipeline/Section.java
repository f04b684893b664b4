package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Problems.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A section's settings after the check of each: what is not right, or not there and without default, is absent.
 *
 * <p>Values are of the classes that the types of {@link Settings} parse to.
 */
final class Section {
    private final String path;
    private final Place place;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();

    Section(String path, Place place) {
        this.path = path;
        this.place = place;
    }

    void put(String name, Object value, Place at) {
        values.put(name, value);
        places.put(name, at);
    }

    /** Takes a value that is not in the file. */
    void defaults(String name, Object value) {
        values.put(name, value);
    }

    /** Marks a setting as written, whether or not its value is right. */
    void wrote(String name, Place at) {
        places.put(name, at);
    }

    /** The full path of a setting in this section. */
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** This section's own path. */
    String path() {
        return path;
    }

    /** Where a setting stands, or the section if the setting is left out. */
    Place place(String name) {
        return places.getOrDefault(name, place);
    }

    Place place() {
        return place;
    }

    /** Whether the setting is in the file, right or wrong. */
    boolean has(String name) {
        return places.containsKey(name);
    }

    <T> @Nullable T find(String name, Class<T> type) {
        return type.cast(values.get(name));
    }

    /** A value that the checks have made sure of. */
    <T> T value(String name, Class<T> type) {
        return Objects.requireNonNull(find(name, type), () -> path(name));
    }

    String text(String name) {
        return value(name, String.class);
    }

    int number(String name) {
        return value(name, Integer.class);
    }

    Section section(String name) {
        return value(name, Section.class);
    }

    /** Values by names, in the file's order; empty if they are absent. */
    <T> Map<String, T> map(String name, Class<T> element) {
        Map<String, T> map = new LinkedHashMap<>();
        Map<?, ?> written = find(name, Map.class);
        if (written != null) {
            written.forEach((key, value) -> map.put((String) key, element.cast(value)));
        }
        return map;
    }

    /** A list's right elements; empty if it is absent. */
    <T> List<T> list(String name, Class<T> element) {
        List<?> list = find(name, List.class);
        return list == null ? List.of() : list.stream().map(element::cast).toList();
    }
}
