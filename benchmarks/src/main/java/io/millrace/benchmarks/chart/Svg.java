package io.millrace.benchmarks.chart;

import java.util.List;
import java.util.Locale;

/** An SVG document in the making. */
final class Svg {
    /** Colours that differ also for the colour-blind (Okabe and Ito), in the order in which series take them. */
    static final List<String> COLOURS = List.of("#D55E00", "#0072B2", "#009E73", "#555555", "#CC79A7", "#E69F00");

    private static final int LEGEND_SWATCH = 12;
    private static final double CHARACTER = 6.6;

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        rectangle(0, 0, width, height, "#ffffff");
        text(width / 2.0, 24, "middle", 15, title);
    }

    /** Where a text begins: {@code start}, {@code middle} or {@code end} at x. */
    void text(double x, double y, String anchor, int size, String text) {
        add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" font-size=\"%d\">%s</text>", x, y, anchor, size, escape(text));
    }

    /** A text that runs upwards, centred at the point. */
    void upwards(double x, double y, int size, String text) {
        add(
                "<text transform=\"translate(%s %s) rotate(-90)\" text-anchor=\"middle\" font-size=\"%d\">%s</text>",
                x, y, size, escape(text));
    }

    void line(double x1, double y1, double x2, double y2, String colour, boolean dashed) {
        add(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
                x1,
                y1,
                x2,
                y2,
                colour,
                colour.equals("#dddddd") ? 1.0 : 2.0,
                dashed ? " stroke-dasharray=\"6 4\"" : "");
    }

    void rectangle(double x, double y, double w, double h, String colour) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>", x, y, w, h, colour);
    }

    /** A point; hollow if the value is only a bound. */
    void point(double x, double y, String colour, boolean hollow) {
        add(
                "<circle cx=\"%s\" cy=\"%s\" r=\"4.5\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\"/>",
                x, y, hollow ? "#ffffff" : colour, colour);
    }

    /** The names of the series in a row, centred. */
    void legend(double y, List<String> names) {
        double x = (width
                        - names.stream()
                                .mapToDouble(name -> LEGEND_SWATCH + 22 + CHARACTER * name.length())
                                .sum())
                / 2;
        for (int i = 0; i < names.size(); i++) {
            rectangle(x, y - 10, LEGEND_SWATCH, LEGEND_SWATCH, colour(i));
            text(x + LEGEND_SWATCH + 5, y, "start", 12, names.get(i));
            x += LEGEND_SWATCH + 22 + CHARACTER * names.get(i).length();
        }
    }

    static String colour(int series) {
        return COLOURS.get(series % COLOURS.size());
    }

    private void add(String format, Object... values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Double number) {
                values[i] = String.format(Locale.ROOT, "%.1f", number);
            }
        }
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"\n"
                        .formatted(width, height, width, height)
                + "  font-family=\"Helvetica, Arial, sans-serif\" fill=\"#222222\">\n"
                + body
                + "</svg>\n";
    }
}
