package io.millrace.stream.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A text in UTF-8. */
final class TextCodec implements Codec<String> {

    @Override
    public void write(String text, DataOutput out) throws IOException {
        Compact.writeText(text, out);
    }

    @Override
    public String read(DataInput in) throws IOException {
        return Compact.readText(in);
    }
}
