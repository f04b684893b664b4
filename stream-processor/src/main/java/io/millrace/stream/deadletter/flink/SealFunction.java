package io.millrace.stream.deadletter.flink;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.stream.deadletter.DeadLetter;
import io.millrace.stream.deadletter.LetterSealing;
import io.millrace.stream.mask.ChangeMasks;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.jspecify.annotations.Nullable;

/** Seals the dead letters of the steps before the one of the key. */
public final class SealFunction extends RichMapFunction<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1L;

    private final Pipeline pipeline;
    private final boolean masked;
    private transient @Nullable LetterSealing sealing;

    private SealFunction(Pipeline pipeline, boolean masked) {
        this.pipeline = pipeline;
        this.masked = masked;
    }

    /** For dead letters of the steps before the masks. */
    public static SealFunction ofUnmasked(Pipeline pipeline) {
        return new SealFunction(pipeline, false);
    }

    /** For dead letters of the steps behind the masks, whose keys are masked. */
    public static SealFunction ofMasked(Pipeline pipeline) {
        return new SealFunction(pipeline, true);
    }

    @Override
    public void open(OpenContext context) {
        MaskingKey key = pipeline.masking().open().orElse(null);
        sealing = new LetterSealing(new ChangeMasks(masked ? List.of() : pipeline.tables(), key), new RecordSeal(key));
    }

    @Override
    public DeadLetter map(DeadLetter letter) {
        return Objects.requireNonNull(sealing).seal(letter);
    }
}
