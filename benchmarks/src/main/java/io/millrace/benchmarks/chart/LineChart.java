package io.millrace.benchmarks.chart;

import java.util.List;
import java.util.Locale;

/**
 * Values over a number, on a logarithmic axis of powers of ten.
 *
 * @param title what is shown
 * @param xTitle what the horizontal axis counts
 * @param yTitle what the vertical axis measures, with its unit
 */
public record LineChart(String title, String xTitle, String yTitle, List<Series> series) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = WIDTH - 30;
    private static final int TOP = 70;
    private static final int BOTTOM = HEIGHT - 60;
    private static final String GRID = "#dddddd";

    /** A line; dashed if it is there to be compared with. */
    public record Series(String name, boolean dashed, List<Point> points) {}

    /**
     * A point of a line.
     *
     * @param bound whether the value is a bound or an estimate: drawn hollow
     */
    public record Point(double x, double y, boolean bound) {}

    /** The plot as a document. */
    public String svg() {
        List<Point> all =
                series.stream().flatMap(line -> line.points().stream()).toList();
        double least = all.stream().mapToDouble(Point::y).min().orElse(1);
        double greatest = all.stream().mapToDouble(Point::y).max().orElse(1);
        int low = (int) Math.floor(Math.log10(least));
        int high = Math.max(low + 1, (int) Math.ceil(Math.log10(greatest)));
        double widest = all.stream().mapToDouble(Point::x).max().orElse(1);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.legend(50, series.stream().map(Series::name).toList());
        for (int power = low; power <= high; power++) {
            double y = y(Math.pow(10, power), low, high);
            svg.line(LEFT, y, RIGHT, y, GRID, false);
            svg.text(LEFT - 8, y + 4, "end", 12, number(power));
        }
        all.stream().mapToDouble(Point::x).distinct().sorted().forEach(x -> {
            svg.line(x(x, widest), TOP, x(x, widest), BOTTOM, GRID, false);
            svg.text(x(x, widest), BOTTOM + 18, "middle", 12, String.format(Locale.ROOT, "%.0f", x));
        });
        svg.text((LEFT + RIGHT) / 2.0, HEIGHT - 14, "middle", 13, xTitle);
        svg.upwards(22, (TOP + BOTTOM) / 2.0, 13, yTitle);
        for (int i = 0; i < series.size(); i++) {
            draw(svg, series.get(i), Svg.colour(i), low, high, widest);
        }
        if (all.stream().anyMatch(Point::bound)) {
            svg.text(RIGHT, BOTTOM - 8, "end", 11, "hollow: not measured to the end");
        }
        return svg.toString();
    }

    private static void draw(Svg svg, Series line, String colour, int low, int high, double widest) {
        List<Point> points = line.points();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (i > 0) {
                Point before = points.get(i - 1);
                svg.line(
                        x(before.x(), widest),
                        y(before.y(), low, high),
                        x(point.x(), widest),
                        y(point.y(), low, high),
                        colour,
                        line.dashed());
            }
        }
        points.forEach(point -> svg.point(x(point.x(), widest), y(point.y(), low, high), colour, point.bound()));
    }

    private static double x(double value, double widest) {
        return LEFT + (RIGHT - LEFT - 15) * value / widest;
    }

    private static double y(double value, int low, int high) {
        return BOTTOM - (BOTTOM - TOP) * (Math.log10(value) - low) / (high - low);
    }

    private static String number(int power) {
        return power >= 0
                ? String.format(Locale.ROOT, "%,.0f", Math.pow(10, power))
                : "0." + "0".repeat(-power - 1) + "1";
    }
}
