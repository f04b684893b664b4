package io.millrace.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.benchmarks.sink.BenchmarkOptions.Engine;
import io.millrace.benchmarks.sink.Figures.Read;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final Map<String, String> SETTING = Map.of("processors", "2");

    @Test
    void whatIsMeasuredAgainReplacesTheSame() {
        Read stock = read(Workload.RECENT, "stock-v2", 100);
        Read ours = read(Workload.RECENT, "ours-v2", 200);
        Read again = read(Workload.RECENT, "stock-v2", 300);
        Read other = read(Workload.UNIFORM, "stock-v2", 400);

        Figures both = new Figures(SETTING, List.of(), List.of(again, other), null)
                .addedTo(new Figures(SETTING, List.of(), List.of(stock, ours), null));

        assertThat(both.reads()).containsExactly(again, ours, other);
    }

    @Test
    void figuresOfAnotherSettingAreNotMixed() {
        Figures here = new Figures(SETTING, List.of(), List.of(), null);
        Figures elsewhere = new Figures(Map.of("processors", "64"), List.of(), List.of(), null);

        assertThatThrownBy(() -> here.addedTo(elsewhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("processors=64")
                .hasMessageContaining("without --add");
    }

    private static Read read(Workload workload, String table, long records) {
        return new Read(workload, table, 2, Engine.SPARK, new LiveFiles(1, 0, 0), records, List.of());
    }
}
