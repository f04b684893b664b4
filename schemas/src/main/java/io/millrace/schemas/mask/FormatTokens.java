package io.millrace.schemas.mask;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Replaces each text by another one of the same format, under a key: a permutation of the texts of each format, so that
 * different texts never become the same.
 *
 * <p>The letters and digits of a text are digits of a number of mixed radix, taken apart into two halves a and b, which a
 * Feistel network mixes: {@code a = (a + F(b)) mod |a|}, {@code b = (b + F(a)) mod |b|}, and so on; each round can be undone
 * (Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002). F is HMAC-SHA-256 over the round, the format, what came
 * before and the other half. Long texts are taken apart into blocks, each depending on the result of the one before.
 *
 * <p>A short text is hidden among the few of its format: of two digits there are a hundred.
 */
final class FormatTokens {
    private static final int ROUNDS = 10;

    /** So many characters are mixed at a time: two hashes, 512 bits, then exceed half of a block by far. */
    private static final int BLOCK = 32;

    private final Mac hash;

    FormatTokens(Mac hash) {
        this.hash = hash;
    }

    String of(String text) {
        int[] characters = text.codePoints().toArray();
        CharacterClass[] classes = new CharacterClass[characters.length];
        StringBuilder format = new StringBuilder(text.length());
        int[] places = new int[characters.length];
        int count = 0;
        for (int i = 0; i < characters.length; i++) {
            CharacterClass type = CharacterClass.of(characters[i]);
            classes[i] = type;
            format.append(type.name(characters[i]));
            if (type.size() > 1) {
                places[count++] = i;
            }
        }
        byte[] tweak = hash.doFinal(format.toString().getBytes(StandardCharsets.UTF_8));
        for (int first = 0; first < count; first += BLOCK) {
            int[] block = Arrays.copyOfRange(places, first, Math.min(count, first + BLOCK));
            tweak = mix(characters, classes, block, tweak);
        }
        return new String(characters, 0, characters.length);
    }

    /** Replaces the characters at these places; gives the tweak of the next block. */
    private byte[] mix(int[] characters, CharacterClass[] classes, int[] places, byte[] tweak) {
        int middle = (places.length + 1) / 2;
        int[] left = Arrays.copyOfRange(places, 0, middle);
        int[] right = Arrays.copyOfRange(places, middle, places.length);
        BigInteger leftSize = size(classes, left);
        BigInteger rightSize = size(classes, right);
        BigInteger a = read(characters, classes, left);
        BigInteger b = read(characters, classes, right);
        for (int round = 0; round < ROUNDS; round += 2) {
            a = a.add(hash(round, tweak, b)).mod(leftSize);
            b = b.add(hash(round + 1, tweak, a)).mod(rightSize);
        }
        write(characters, classes, left, a);
        write(characters, classes, right, b);
        hash.update(tweak);
        hash.update(a.toByteArray());
        hash.update((byte) 0);
        return hash.doFinal(b.toByteArray());
    }

    private BigInteger hash(int round, byte[] tweak, BigInteger half) {
        byte[] bytes = new byte[2 * hash.getMacLength()];
        byte[] input = half.toByteArray();
        for (int part = 0; part < 2; part++) {
            hash.update((byte) round);
            hash.update((byte) part);
            hash.update(tweak);
            System.arraycopy(hash.doFinal(input), 0, bytes, part * hash.getMacLength(), hash.getMacLength());
        }
        return new BigInteger(1, bytes);
    }

    private static BigInteger size(CharacterClass[] classes, int[] places) {
        BigInteger size = BigInteger.ONE;
        for (int place : places) {
            size = size.multiply(BigInteger.valueOf(classes[place].size()));
        }
        return size;
    }

    private static BigInteger read(int[] characters, CharacterClass[] classes, int[] places) {
        BigInteger number = BigInteger.ZERO;
        for (int place : places) {
            number = number.multiply(BigInteger.valueOf(classes[place].size()))
                    .add(BigInteger.valueOf(classes[place].indexOf(characters[place])));
        }
        return number;
    }

    private static void write(int[] characters, CharacterClass[] classes, int[] places, BigInteger number) {
        BigInteger rest = number;
        for (int i = places.length - 1; i >= 0; i--) {
            CharacterClass type = classes[places[i]];
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(type.size()));
            characters[places[i]] = type.character(parts[1].intValue());
            rest = parts[0];
        }
    }
}
