package io.millrace.stream.wire;

import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.event.RowKey;
import io.millrace.stream.accounting.CommitSample;
import io.millrace.stream.accounting.LedgerLine;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.decode.DecodedChange;
import io.millrace.stream.decode.DecodedTruncation;
import io.millrace.stream.sequence.KeptValues;
import io.millrace.stream.sequence.KeyHistory;
import io.millrace.stream.sequence.TableFloor;
import io.millrace.stream.volume.MinuteCounts;
import io.millrace.stream.volume.VolumeHistory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A binary format with a name and a version: what Flink's state says of itself, so that a later version of the job can
 * read what this one wrote.
 *
 * @param <T> the type of the values
 */
public final class WireFormat<T> implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Map<String, WireFormat<?>> BY_NAME = new HashMap<>();

    public static final WireFormat<RawRecord> RAW_RECORD =
            new WireFormat<>("raw-record", 1, RawRecord.class, version -> new RawRecordCodec());
    public static final WireFormat<DecodedChange> DECODED_CHANGE =
            new WireFormat<>("decoded-change", 1, DecodedChange.class, version -> new DecodedChangeCodec());
    public static final WireFormat<RowKey> ROW_KEY =
            new WireFormat<>("row-key", 1, RowKey.class, version -> new RowKeyCodec());
    public static final WireFormat<RowChange> ROW_CHANGE =
            new WireFormat<>("row-change", 1, RowChange.class, version -> new RowChangeCodec());
    public static final WireFormat<DeadLetter> DEAD_LETTER =
            new WireFormat<>("dead-letter", 1, DeadLetter.class, version -> new DeadLetterCodec());
    public static final WireFormat<KeyHistory> KEY_HISTORY =
            new WireFormat<>("key-history", 2, KeyHistory.class, version -> new KeyHistoryCodec());
    public static final WireFormat<KeptValues> KEPT_VALUES =
            new WireFormat<>("kept-values", 1, KeptValues.class, version -> new KeptValuesCodec());
    public static final WireFormat<DecodedTruncation> DECODED_TRUNCATION =
            new WireFormat<>("decoded-truncation", 1, DecodedTruncation.class, version -> new DecodedTruncationCodec());
    public static final WireFormat<TableFloor> TABLE_FLOOR =
            new WireFormat<>("table-floor", 1, TableFloor.class, version -> new TableFloorCodec());
    public static final WireFormat<LedgerLine> LEDGER_LINE =
            new WireFormat<>("ledger-line", 1, LedgerLine.class, version -> new LedgerLineCodec());
    public static final WireFormat<CommitSample> COMMIT_SAMPLE =
            new WireFormat<>("commit-sample", 1, CommitSample.class, version -> new CommitSampleCodec());
    public static final WireFormat<MinuteCounts> MINUTE_COUNTS =
            new WireFormat<>("minute-counts", 1, MinuteCounts.class, version -> new MinuteCountsCodec());
    public static final WireFormat<VolumeHistory> VOLUME_HISTORY =
            new WireFormat<>("volume-history", 1, VolumeHistory.class, version -> new VolumeHistoryCodec());

    private final String name;
    private final transient int newestVersion;
    private final transient Class<T> valueClass;
    private final transient IntFunction<Codec<T>> codecs;

    private WireFormat(String name, int newestVersion, Class<T> valueClass, IntFunction<Codec<T>> codecs) {
        this.name = name;
        this.newestVersion = newestVersion;
        this.valueClass = valueClass;
        this.codecs = codecs;
        BY_NAME.put(name, this);
    }

    /**
     * Finds a format.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static WireFormat<?> named(String name) {
        WireFormat<?> format = BY_NAME.get(name);
        if (format == null) {
            throw new IllegalArgumentException(
                    "Cannot find wire format: " + name + ". The state was written by a newer version of the job");
        }
        return format;
    }

    public String name() {
        return name;
    }

    /** The version that is written. */
    public int newestVersion() {
        return newestVersion;
    }

    public Class<T> valueClass() {
        return valueClass;
    }

    /** A new codec of one of the format's versions. */
    public Codec<T> codec(int version) {
        if (version < 1 || version > newestVersion) {
            throw new IllegalArgumentException("Cannot read wire format " + name + " in version " + version
                    + ": this job knows versions up to " + newestVersion);
        }
        return codecs.apply(version);
    }

    /** A value by itself, in the newest version, which stands before it. */
    public byte[] bytes(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(newestVersion);
            codec(newestVersion).write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #bytes} gave.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public T value(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return codec(in.readByte()).read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read " + name + ": its bytes are broken", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private Object readResolve() {
        return named(name);
    }
}
