package io.millrace.schemas.mask;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The characters that may stand for each other: letters and digits of one Unicode category and one script, apart by
 * whether Java needs one or two chars for them. Any other character stands for itself alone.
 */
final class CharacterClass {
    private static final Map<String, CharacterClass> ALL = new ConcurrentHashMap<>();
    private static final CharacterClass ALONE = new CharacterClass("", new int[1]);
    private static final CharacterClass DIGITS = range("0", '0', '9');
    private static final CharacterClass LOWER = range("a", 'a', 'z');
    private static final CharacterClass UPPER = range("A", 'A', 'Z');

    private final String name;
    private final int[] characters;

    private CharacterClass(String name, int[] characters) {
        this.name = name;
        this.characters = characters;
    }

    static CharacterClass of(int character) {
        if (character < 0x80) {
            return character >= '0' && character <= '9'
                    ? DIGITS
                    : character >= 'a' && character <= 'z'
                            ? LOWER
                            : character >= 'A' && character <= 'Z' ? UPPER : ALONE;
        }
        if (!Character.isLetterOrDigit(character)) {
            return ALONE;
        }
        int type = Character.getType(character);
        UnicodeScript script = UnicodeScript.of(character);
        boolean two = Character.isSupplementaryCodePoint(character);
        return ALL.computeIfAbsent(
                "<" + type + " " + script + (two ? " 2>" : ">"), name -> find(name, type, script, two));
    }

    private static CharacterClass find(String name, int type, UnicodeScript script, boolean two) {
        int from = two ? Character.MIN_SUPPLEMENTARY_CODE_POINT : 0x80;
        int to = two ? Character.MAX_CODE_POINT : Character.MIN_SUPPLEMENTARY_CODE_POINT - 1;
        return new CharacterClass(
                name,
                IntStream.rangeClosed(from, to)
                        .filter(c -> Character.getType(c) == type && UnicodeScript.of(c) == script)
                        .toArray());
    }

    private static CharacterClass range(String name, char first, char last) {
        return new CharacterClass(name, IntStream.rangeClosed(first, last).toArray());
    }

    int size() {
        return characters.length;
    }

    /** How a text's format names a character of this class. */
    String name(int character) {
        return this == ALONE ? "'" + Character.toString(character) : name;
    }

    int indexOf(int character) {
        return Arrays.binarySearch(characters, character);
    }

    int character(int index) {
        return characters[index];
    }
}
