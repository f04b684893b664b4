package io.millrace.stream.wire.flink;

import io.millrace.stream.wire.WireFormat;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What state says of its own format: the format's name and version. State of an older version is read with that version's
 * codec and rewritten in the newest.
 *
 * @param <T> the type of the values
 */
public final class WireSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {
    private @Nullable WireFormat<T> format;
    private int version;

    /** For Flink, which reads the rest from the snapshot. */
    public WireSerializerSnapshot() {}

    WireSerializerSnapshot(WireFormat<T> format, int version) {
        this.format = format;
        this.version = version;
    }

    @Override
    public int getCurrentVersion() {
        return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(Objects.requireNonNull(format).name());
        out.writeInt(version);
    }

    @Override
    @SuppressWarnings("unchecked") // The name stands for the type.
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader) throws IOException {
        format = (WireFormat<T>) WireFormat.named(in.readUTF());
        version = in.readInt();
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
        return new WireSerializer<>(Objects.requireNonNull(format), version);
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> older) {
        if (!(older instanceof WireSerializerSnapshot<T> that) || that.format != format || that.version > version) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return that.version == version
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
    }
}
