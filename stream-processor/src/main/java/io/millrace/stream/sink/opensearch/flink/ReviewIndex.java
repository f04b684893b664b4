package io.millrace.stream.sink.opensearch.flink;

import io.millrace.schemas.deadletter.DeadLetterTables;
import io.millrace.schemas.event.RowChange;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.DeadLetterRows;
import io.millrace.stream.deadletter.Review;
import io.millrace.stream.sink.flink.DeadLetterTarget;
import io.millrace.stream.sink.opensearch.IndexRoute;
import io.millrace.stream.sink.opensearch.IndexRoutes;
import io.millrace.stream.wire.WireFormat;
import io.millrace.stream.wire.flink.WireType;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The search index {@code millrace-dead-letters}, for looking at dead letters and their state: a copy of
 * {@code ops.dead_letters}, which alone is what counts. A letter that the index refuses is in the table all the same.
 */
public final class ReviewIndex implements DeadLetterTarget {
    /** The index's name. */
    public static final String INDEX = "millrace-dead-letters";

    private final Pipeline pipeline;

    public ReviewIndex(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void write(DataStream<DeadLetter> letters) {
        String name = pipeline.name();
        letters.filter(letter -> letter.review().state() != Review.State.REPORTED)
                .uid("review-letters")
                .name("letters for review")
                .map(letter -> (RowChange) DeadLetterRows.upsert(name, letter))
                .returns(WireType.of(WireFormat.ROW_CHANGE))
                .uid("review-rows")
                .name("rows for review")
                .transform(
                        "write to review index",
                        WireType.of(WireFormat.DEAD_LETTER),
                        new BulkOperator.Factory(
                                pipeline.connections().opensearch(),
                                IndexRoutes.of(Map.of(DeadLetterTables.TABLE, new IndexRoute(INDEX, Map.of())))))
                .uid("sink-review-index")
                .disableChaining();
    }
}
