package io.millrace.stream.wire.flink;

import io.millrace.stream.wire.WireFormat;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Tells Flink that values travel and rest in a wire format; with it no type of the job falls back to Kryo.
 *
 * @param <T> the type of the values
 */
public final class WireType<T> extends TypeInformation<T> {
    private static final long serialVersionUID = 1L;

    private final WireFormat<T> format;

    private WireType(WireFormat<T> format) {
        this.format = format;
    }

    /** The type of a format's values, in its newest version. */
    public static <T> WireType<T> of(WireFormat<T> format) {
        return new WireType<>(format);
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new WireSerializer<>(format, format.newestVersion());
    }

    @Override
    @Deprecated
    public TypeSerializer<T> createSerializer(ExecutionConfig config) {
        return new WireSerializer<>(format, format.newestVersion());
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return format.valueClass();
    }

    @Override
    public boolean isKeyType() {
        return format == WireFormat.ROW_KEY;
    }

    @Override
    public String toString() {
        return "WireType(" + format + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WireType<?> that && format == that.format;
    }

    @Override
    public int hashCode() {
        return format.name().hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof WireType;
    }
}
