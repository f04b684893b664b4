package io.millrace.schemas.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A line of the table of all settings.
 *
 * @param name the key within its section
 * @param type what it takes
 * @param required whether its section is incomplete without it
 * @param defaultText what holds if it is left out, as it would be written in the file; null if nothing does
 * @param sentence what it is for, for the documentation
 */
record Setting(
        String name,
        SettingType type,
        boolean required,
        @Nullable String defaultText,
        String sentence) {

    static Setting required(String name, SettingType type, String sentence) {
        return new Setting(name, type, true, null, sentence);
    }

    static Setting optional(String name, SettingType type, String sentence) {
        return new Setting(name, type, false, null, sentence);
    }

    static Setting optional(String name, SettingType type, String defaultText, String sentence) {
        return new Setting(name, type, false, defaultText, sentence);
    }
}
