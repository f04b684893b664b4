package io.millrace.schemas.pipeline;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a setting takes. */
sealed interface SettingType {

    /** What is right, as it goes on after "Give ". */
    String right();

    /**
     * One value.
     *
     * @param title the type's name in the documentation
     * @param right what is right
     * @param secret whether a value must not be shown, right or wrong
     * @param fromEnvironment whether the file may only refer to the environment, and not have the value itself
     * @param parse turns the text into the value, or into null if the text is not right
     */
    record Scalar(
            String title,
            String right,
            boolean secret,
            boolean fromEnvironment,
            Function<String, @Nullable Object> parse)
            implements SettingType {

        Scalar(String title, String right, boolean secret, Function<String, @Nullable Object> parse) {
            this(title, right, secret, false, parse);
        }
    }

    /**
     * Several values, at least one if the setting is required, no two alike.
     *
     * @param element what each of them takes
     * @param word a word that may stand in place of the list, which is then empty; none if it is empty itself
     */
    record Values(Scalar element, String word) implements SettingType {
        Values(Scalar element) {
            this(element, "");
        }

        @Override
        public String right() {
            return "a list, each element " + element.right() + (word.isEmpty() ? "" : "; or " + word);
        }
    }

    /**
     * Values by names that are not Millrace's own.
     *
     * @param title what they are, such as "names and texts"
     * @param element what each value takes
     */
    record Properties(String title, Scalar element) implements SettingType {
        @Override
        public String right() {
            return "a section of " + title;
        }
    }

    /** A section with settings of its own. */
    record Group(List<Setting> settings) implements SettingType {
        @Override
        public String right() {
            return "a section with " + names(settings);
        }
    }

    /** A list of sections of one shape, at least one. */
    record Groups(Group element) implements SettingType {
        @Override
        public String right() {
            return "a list, each element " + element.right();
        }
    }

    private static String names(List<Setting> settings) {
        return String.join(", ", settings.stream().map(Setting::name).toList());
    }
}
