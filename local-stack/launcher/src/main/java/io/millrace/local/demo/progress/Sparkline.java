package io.millrace.local.demo.progress;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last few numbers of a series as little bars, the greatest one full. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final int width;
    private final Deque<Double> values = new ArrayDeque<>();

    Sparkline(int width) {
        this.width = width;
    }

    void add(double value) {
        values.addLast(value);
        if (values.size() > width) {
            values.removeFirst();
        }
    }

    @Override
    public String toString() {
        double greatest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder text = new StringBuilder(width);
        for (double value : values) {
            int height = greatest <= 0 ? 0 : (int) Math.round(value / greatest * (BARS.length() - 1));
            text.append(BARS.charAt(Math.max(0, height)));
        }
        return text.toString();
    }
}
