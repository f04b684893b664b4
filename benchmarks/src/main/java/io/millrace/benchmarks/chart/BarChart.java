package io.millrace.benchmarks.chart;

import java.util.List;
import java.util.Locale;

/**
 * Groups of bars, one bar a series in each group, from zero.
 *
 * @param title what is shown
 * @param yTitle what the bars measure, with its unit
 * @param series the names of a group's bars, in their order
 */
public record BarChart(String title, String yTitle, List<String> series, List<Group> groups) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 90;
    private static final int RIGHT = WIDTH - 30;
    private static final int TOP = 80;
    private static final int BOTTOM = HEIGHT - 50;
    private static final int TICKS = 4;
    private static final double GAP = 0.25;

    /** Bars side by side; NaN leaves a place empty. */
    public record Group(String name, List<Double> values) {}

    /** The plot as a document. */
    public String svg() {
        double greatest = groups.stream()
                .flatMap(group -> group.values().stream())
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        double top = niceAbove(greatest);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.legend(50, series);
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = top * tick / TICKS;
            double y = y(value, top);
            svg.line(LEFT, y, RIGHT, y, "#dddddd", false);
            svg.text(LEFT - 8, y + 4, "end", 12, number(value));
        }
        svg.upwards(22, (TOP + BOTTOM) / 2.0, 13, yTitle);
        double groupWidth = (double) (RIGHT - LEFT) / groups.size();
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g);
            double left = LEFT + g * groupWidth + groupWidth * GAP / 2;
            double barWidth = groupWidth * (1 - GAP) / series.size();
            for (int i = 0; i < group.values().size(); i++) {
                double value = group.values().get(i);
                if (!Double.isNaN(value)) {
                    double x = left + i * barWidth;
                    svg.rectangle(x + 1, y(value, top), barWidth - 2, BOTTOM - y(value, top), Svg.colour(i));
                    svg.text(x + barWidth / 2, y(value, top) - 5, "middle", 11, number(value));
                }
            }
            svg.text(LEFT + (g + 0.5) * groupWidth, BOTTOM + 20, "middle", 13, group.name());
        }
        return svg.toString();
    }

    private static double y(double value, double top) {
        return BOTTOM - (BOTTOM - TOP) * value / top;
    }

    /** The next of 1, 2, 4, 6, 8 times a power of ten: its quarters are round. */
    private static double niceAbove(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 4, 6, 8}) {
            if (step * power >= value) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.1f" : "%,.0f", value);
    }
}
