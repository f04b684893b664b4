package io.millrace.stream.wire.flink;

import io.millrace.stream.wire.Codec;
import io.millrace.stream.wire.WireFormat;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializes values of a wire format; values are immutable and never copied.
 *
 * @param <T> the type of the values
 */
public final class WireSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final WireFormat<T> format;
    private final int version;
    private transient @Nullable Codec<T> codec;

    WireSerializer(WireFormat<T> format, int version) {
        this.format = format;
        this.version = version;
    }

    WireFormat<T> format() {
        return format;
    }

    int version() {
        return version;
    }

    private Codec<T> codec() {
        Codec<T> open = codec;
        if (open == null) {
            open = format.codec(version);
            codec = open;
        }
        return open;
    }

    @Override
    public void serialize(T value, DataOutputView target) throws IOException {
        codec().write(value, target);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return codec().read(source);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return new WireSerializer<>(format, version);
    }

    /** Values are immutable and never reused, so there is none to begin with. */
    @Override
    @SuppressWarnings("NullAway") // Flink's contract takes null from types that are not reused.
    public T createInstance() {
        return null;
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new WireSerializerSnapshot<>(format, version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WireSerializer<?> that && format == that.format && version == that.version;
    }

    @Override
    public int hashCode() {
        return format.name().hashCode() + version;
    }
}
