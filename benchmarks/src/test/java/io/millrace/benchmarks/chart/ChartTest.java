package io.millrace.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {
    private static List<Element> elements(String svg, String name) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void tenTimesAsMuchIsTheSameWayUpOnALogarithmicAxis() throws Exception {
        String svg = new LineChart(
                        "a < b & c",
                        "n",
                        "s",
                        List.of(new LineChart.Series(
                                "one",
                                false,
                                List.of(
                                        new LineChart.Point(1, 0.1, false),
                                        new LineChart.Point(2, 1, false),
                                        new LineChart.Point(3, 10, true)))))
                .svg();

        List<Double> heights = elements(svg, "circle").stream()
                .map(circle -> Double.parseDouble(circle.getAttribute("cy")))
                .toList();
        assertThat(heights.get(0) - heights.get(1))
                .isCloseTo(heights.get(1) - heights.get(2), org.assertj.core.data.Offset.offset(0.2));
        assertThat(heights.get(0)).isGreaterThan(heights.get(2));
        assertThat(svg).contains("a &lt; b &amp; c").contains("hollow");
    }

    @Test
    void barsAreAsHighAsTheirValues() throws Exception {
        String svg = new BarChart(
                        "t", "rows", List.of("one", "two"), List.of(new BarChart.Group("g", List.of(10.0, 20.0))))
                .svg();

        List<Double> bars = elements(svg, "rect").stream()
                .map(bar -> Double.parseDouble(bar.getAttribute("height")))
                .filter(height -> height > 20 && height < 390)
                .toList();
        assertThat(bars).hasSize(2);
        assertThat(bars.get(1)).isEqualTo(2 * bars.get(0));
    }
}
