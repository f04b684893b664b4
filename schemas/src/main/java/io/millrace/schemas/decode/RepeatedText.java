package io.millrace.schemas.decode;

import java.nio.charset.StandardCharsets;

/** A text that is the same in most records, and then is not made anew. */
final class RepeatedText {
    private byte[] lastBytes = {};
    private String last = "";
    private String text = "";

    void clear() {
        text = "";
    }

    void read(AvroBytes in) {
        int length = in.readLength();
        if (length == lastBytes.length && in.areNext(lastBytes)) {
            in.skip(length);
        } else {
            lastBytes = in.readBytes(length);
            last = new String(lastBytes, StandardCharsets.UTF_8);
        }
        text = last;
    }

    String text() {
        return text;
    }
}
