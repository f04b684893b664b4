package io.millrace.schemas.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Opens records in JSON, within bounds: what they may be made of, and how deep and long. */
final class JsonRecords {
    /** A row's text, as Avro's, is bounded by the record's size alone. */
    private static final int MAX_TEXT_CHARS = 64 << 20;

    /** PostgreSQL's longest numeric has 147,455 digits. */
    private static final int MAX_NUMBER_CHARS = 150_000;

    /** Readers recurse. */
    private static final int MAX_DEPTH = 500;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long SIGN_BITS = 0x8080_8080_8080_8080L;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            // Names come from outside and would stay in the JVM's own table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .build())
            .build();

    /** JSON that is not what its format says. The message is a clause without record contents. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    private JsonRecords() {}

    /**
     * Refuses bytes that are not UTF-8 from there to the end: Jackson would take some of them for other encodings or letters.
     */
    static void requireUtf8(byte[] data, int from) {
        for (int i = from; i < Math.min(from + 4, data.length); i++) {
            if (data[i] == 0) {
                throw new Broken("it is not UTF-8");
            }
        }
        if (!isAscii(data, from)) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data, from, data.length - from));
            } catch (CharacterCodingException e) {
                throw new Broken("it is not UTF-8");
            }
        }
    }

    private static boolean isAscii(byte[] data, int from) {
        int i = from;
        for (; i <= data.length - Long.BYTES; i += Long.BYTES) {
            if (((long) WORDS.get(data, i) & SIGN_BITS) != 0) {
                return false;
            }
        }
        for (; i < data.length; i++) {
            if (data[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** A parser of a part of a record, which is to be closed. */
    static JsonParser open(byte[] data, int from, int to) throws IOException {
        return FACTORY.createParser(data, from, to - from);
    }

    static void requireEnd(JsonParser in) throws IOException {
        if (in.nextToken() != null) {
            throw new Broken("it goes on behind its end");
        }
    }

    /** The text at the cursor; null if a null is there. */
    static @Nullable String text(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!token.isScalarValue()) {
            throw new Broken("it has an object or a list where a text belongs");
        }
        return in.getText();
    }

    static String textOrEmpty(JsonParser in) throws IOException {
        String text = text(in);
        return text == null ? "" : text;
    }

    static Decoding.Rejected rejected(Broken e) {
        return new Decoding.Rejected(
                DeadLetterCode.MALFORMED,
                "Cannot read record: it is not what its format says, " + e.getMessage(),
                null,
                null);
    }

    static Decoding.Rejected rejected(IOException e) {
        return new Decoding.Rejected(DeadLetterCode.MALFORMED, reason(e), null, null);
    }

    /** What to tell of an exception of Jackson's, whose own message may quote the record. */
    private static String reason(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return "Cannot read record: it is nested too deep, or has a number or a text that is too long";
        }
        long at = e instanceof JsonProcessingException json && json.getLocation() != null
                ? json.getLocation().getByteOffset()
                : -1;
        return "Cannot read record: it is not JSON" + (at < 0 ? "" : ", at byte " + at);
    }
}
