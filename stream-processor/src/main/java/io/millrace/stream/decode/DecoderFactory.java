package io.millrace.stream.decode;

import io.millrace.schemas.decode.DebeziumAvroDecoder;
import io.millrace.schemas.decode.DebeziumJsonDecoder;
import io.millrace.schemas.decode.DmsJsonDecoder;
import io.millrace.schemas.decode.RecordDecoder;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.pipeline.Source;
import io.millrace.schemas.registry.GlueSchemaRegistry;
import java.io.Serializable;

/** Makes the decoder of a source where it is needed; travels to the task managers. */
@FunctionalInterface
public interface DecoderFactory extends Serializable {

    /** A decoder for one thread; the caller closes it if it is {@link AutoCloseable}. */
    RecordDecoder open(Source source);

    /** The decoders of the formats that the sources of a pipeline name. */
    static DecoderFactory of(Pipeline pipeline) {
        return source -> {
            RecordDecoder decoder = switch (source.format()) {
                case DEBEZIUM_AVRO ->
                    new DebeziumAvroDecoder(
                            pipeline.tablesOf(source.name()),
                            GlueSchemaRegistry.connect(pipeline.connections().schemaRegistry()));
                case DEBEZIUM_JSON -> new DebeziumJsonDecoder(pipeline.tablesOf(source.name()));
                case DMS_JSON -> new DmsJsonDecoder(pipeline.tablesOf(source.name()), source.beforeImage());
            };
            return new ClaimRedeemingDecoder(
                    decoder, new S3ClaimStore(pipeline.connections().storage()));
        };
    }
}
