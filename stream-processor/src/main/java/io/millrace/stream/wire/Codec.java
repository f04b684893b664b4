package io.millrace.stream.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Writes values of one type to bytes and reads them back.
 *
 * <p>A codec keeps what it has seen, to write and to read it faster, and is not safe for use by several threads.
 *
 * @param <T> the type, whose values are immutable
 */
public interface Codec<T> {

    void write(T value, DataOutput out) throws IOException;

    T read(DataInput in) throws IOException;
}
