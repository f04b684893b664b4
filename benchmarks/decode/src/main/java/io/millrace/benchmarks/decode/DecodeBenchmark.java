package io.millrace.benchmarks.decode;

import io.millrace.schemas.decode.DebeziumAvroDecoder;
import io.millrace.schemas.decode.DebeziumJsonDecoder;
import io.millrace.schemas.decode.Decoding;
import io.millrace.schemas.decode.DmsJsonDecoder;
import io.millrace.schemas.decode.RawRecord;
import io.millrace.schemas.decode.RecordDecoder;
import io.millrace.schemas.registry.SchemaRegistry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decodes inserts of 20 columns, one after the other, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 2, jvmArgs = "-XX:+UseSerialGC")
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
public class DecodeBenchmark {

    /** How the records are written. */
    @Param({"AVRO", "JSON", "JSON_WITH_SCHEMA", "DMS"})
    public Format format = Format.AVRO;

    private RecordDecoder decoder = Format.AVRO.decoder();
    private List<RawRecord> records = List.of();
    private int next;

    /** A format, with its decoder and its records. */
    public enum Format {
        AVRO {
            @Override
            RecordDecoder decoder() {
                return new DebeziumAvroDecoder(Parcels.routes(ParcelColumn::declared), new OneSchema());
            }

            @Override
            List<RawRecord> records() {
                return Parcels.avro();
            }
        },
        JSON {
            @Override
            RecordDecoder decoder() {
                return new DebeziumJsonDecoder(Parcels.routes(ParcelColumn::declared));
            }

            @Override
            List<RawRecord> records() {
                return Parcels.json();
            }
        },
        JSON_WITH_SCHEMA {
            @Override
            RecordDecoder decoder() {
                return new DebeziumJsonDecoder(Parcels.routes(ParcelColumn::declared));
            }

            @Override
            List<RawRecord> records() {
                return Parcels.jsonWithSchema();
            }
        },
        DMS {
            @Override
            RecordDecoder decoder() {
                return new DmsJsonDecoder(Parcels.routes(ParcelColumn::declaredForDms), "before-image");
            }

            @Override
            List<RawRecord> records() {
                return Parcels.dms();
            }
        };

        abstract RecordDecoder decoder();

        abstract List<RawRecord> records();
    }

    /** A registry that knows the one schema there is. */
    private static final class OneSchema implements SchemaRegistry {
        @Override
        public UUID register(String schemaName, Schema schema) {
            return Parcels.SCHEMA_ID;
        }

        @Override
        public Schema schema(UUID id) {
            return Parcels.ENVELOPE;
        }
    }

    /** Makes the records, and sees that they are decoded and not refused. */
    @Setup
    public void prepare() {
        decoder = format.decoder();
        records = format.records();
        for (RawRecord record : records) {
            if (!(decoder.decode(record) instanceof Decoding.Changes)) {
                throw new IllegalStateException("Cannot measure: a record of " + format + " is refused");
            }
        }
    }

    @Benchmark
    public Decoding decode() {
        next = next + 1 == records.size() ? 0 : next + 1;
        return decoder.decode(records.get(next));
    }
}
