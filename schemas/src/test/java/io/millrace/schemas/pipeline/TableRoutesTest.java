package io.millrace.schemas.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.TableId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route a table has. */
class TableRoutesTest {
    private static final TableRoute NAMED = route("orders", "lake.special", "special");
    private static final TableRoute PATTERN = route("orders*", "lake.{table}", "{schema}-{table}");
    private final TableRoutes routes = new TableRoutes(List.of(PATTERN, NAMED));

    @Test
    void tableThatIsNamedHasItsOwnRouteWhateverItMatches() {
        assertThat(routes.find("shop.public.orders")).isSameAs(NAMED);
    }

    @Test
    void tableThatMatchesHasTargetsOfItsOwn() {
        TableRoute route = routes.find("shop.public.orders_2026");

        assertThat(route).isNotNull();
        assertThat(route.table()).isEqualTo(new TableId("shop", "public", "orders_2026"));
        assertThat(route.isPattern()).isFalse();
        assertThat(route.iceberg()).isEqualTo(new TableRoute.IcebergTarget("lake", "orders_2026", List.of(), 2, false));
        assertThat(route.opensearch()).isEqualTo(new TableRoute.OpenSearchTarget("public-orders_2026"));
    }

    @Test
    void otherTablesSchemasAndSourcesHaveNone() {
        assertThat(routes.find("shop.public.my_orders")).isNull();
        assertThat(routes.find("shop.sales.orders_2026")).isNull();
        assertThat(routes.find("other.public.orders_2026")).isNull();
        assertThat(routes.find("dead_letters")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "*, orders, true",
        "*, 'a.b', true",
        "a*b, ab, true",
        "a*b, axxb, true",
        "a*b, axxbc, false",
        "a*b*, axbyy, true",
        "*_log, x_log, true",
        "a[bc]*, a[bc]d, true",
        "a[bc]*, abd, false"
    })
    void starsStandForAnyCharacters(String pattern, String table, boolean matches) {
        assertThat(route(pattern, "lake.{table}", "{table}").matches(new TableId("shop", "public", table)))
                .isEqualTo(matches);
    }

    @Test
    void tablesWhoseNamesNoEngineTakesNeverShareATarget() {
        List<String> names = List.of("orders_x", "orders_X", "orders_ö", "orders_é", "orders x");

        assertThat(names.stream()
                        .map(name -> Objects.requireNonNull(PATTERN.of(new TableId("shop", "public", name))
                                        .iceberg())
                                .name()))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z][a-z0-9_]*"))
                .startsWith("orders_x");
    }

    private static TableRoute route(String table, String iceberg, String index) {
        String[] name = iceberg.split("\\.");
        return new TableRoute(
                new TableId("shop", "public", table),
                List.of(),
                Map.of(),
                new TableRoute.IcebergTarget(name[0], name[1], List.of(), 2, false),
                new TableRoute.OpenSearchTarget(index),
                Map.of(),
                Quality.NONE);
    }
}
