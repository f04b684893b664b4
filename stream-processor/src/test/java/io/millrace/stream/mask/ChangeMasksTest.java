package io.millrace.stream.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.event.Unavailable;
import io.millrace.schemas.mask.Mask;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.pipeline.DeclaredType;
import io.millrace.schemas.pipeline.Quality;
import io.millrace.schemas.pipeline.TableRoute;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeMasksTest {
    private static final TableId TABLE = new TableId("shop", "public", "people");
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("id", Primitive.INT64, false),
            new Column("region", Primitive.STRING, false),
            new Column("mail", Primitive.STRING, false),
            new Column("born", Primitive.DATE, true)));
    private static final MaskingKey KEY = MaskingKey.of("a key of at least thirty-two characters");
    private static final ChangeMasks MASKS = new ChangeMasks(
            List.of(new TableRoute(
                    TABLE,
                    List.of("region", "id"),
                    Map.of(),
                    null,
                    null,
                    Map.of("telephone", "phone", "phone", "mail"),
                    new Quality(Map.of("id", Mask.HASH, "mail", Mask.PARTIAL, "born", Mask.NULL), List.of()))),
            KEY);

    @Test
    void bothRowsAndTheKeyAreMasked() {
        ChangeEvent masked = MASKS.mask(update("eu|x", row(7, "eu|x", "a@b.c", 1), row(7, "eu|x", "d@e.f", 1)));

        Row after = after(masked);
        assertThat(after.schema().columns())
                .containsExactly(
                        new Column("id", Primitive.STRING, false),
                        SCHEMA.columns().get(1),
                        SCHEMA.columns().get(2),
                        new Column("born", Primitive.DATE, true));
        assertThat(after.value(2)).isEqualTo("***@e.f");
        assertThat(after.value(3)).isNull();
        assertThat(Objects.requireNonNull(masked.before()).value(2)).isEqualTo("***@b.c");
        assertThat(masked.key()).isEqualTo(RowKey.of(TABLE, List.of("eu|x", String.valueOf(after.value(0)))));
    }

    @Test
    void aRowKeepsOneIdentityWhetherOrNotItsChangeHasARow() {
        ChangeEvent delete = new ChangeEvent(TABLE, key("eu", 7), Operation.DELETE, null, null, null, 1);

        assertThat(MASKS.mask(delete).key())
                .isEqualTo(
                        MASKS.mask(update("eu", null, row(7, "eu", "a@b.c", 1))).key());
    }

    @Test
    void valuesThatWereLeftOutStayLeftOut() {
        assertThat(after(MASKS.mask(update("eu", null, row(7, "eu", Unavailable.INSTANCE, 1))))
                        .value(2))
                .isEqualTo(Unavailable.INSTANCE);
    }

    @Test
    void equalSchemasStayOneInstance() {
        assertThat(after(MASKS.mask(update("eu", null, row(7, "eu", "a@b.c", 1))))
                        .schema())
                .isSameAs(after(MASKS.mask(update("eu", null, row(8, "eu", "a@b.c", 1))))
                        .schema());
    }

    @Test
    void aRowWithoutAMaskedColumnIsNotLetThrough() {
        Row renamed = new Row(
                new RowSchema(List.of(
                        new Column("id", Primitive.INT64, false),
                        new Column("region", Primitive.STRING, false),
                        new Column("email", Primitive.STRING, false),
                        new Column("born", Primitive.DATE, true))),
                new Object[] {7L, "eu", "a@b.c", 1});

        assertThat(MASKS.problem(update("eu", null, renamed)))
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("mail").doesNotContain("a@b.c"));
    }

    /** As records that leave out nulls look. */
    @Test
    void aRowOfDeclaredColumnsHidesNothingUnderAnotherName() {
        ChangeMasks masks = new ChangeMasks(
                List.of(new TableRoute(
                        TABLE,
                        List.of("region", "id"),
                        Stream.of("id", "region", "mail", "born")
                                .collect(Collectors.toMap(
                                        name -> name, name -> Objects.requireNonNull(DeclaredType.parse("string")))),
                        null,
                        null,
                        Map.of(),
                        new Quality(Map.of("mail", Mask.PARTIAL), List.of()))),
                KEY);

        assertThat(masks.problem(update("eu", null, without("mail")))).isEmpty();
        assertThat(masks.problem(update("eu", null, without("mail", "email")))).isPresent();
    }

    /** A row of some texts: its key's, and others in the place of a column. */
    private static Row without(String column, String... others) {
        List<Column> columns = Stream.concat(
                        Stream.of("id", "region", "mail", "born").filter(name -> !name.equals(column)),
                        Stream.of(others))
                .map(name -> new Column(name, Primitive.STRING, true))
                .toList();
        return new Row(
                new RowSchema(columns), columns.stream().map(Column::name).toArray());
    }

    @Test
    void aColumnIsHiddenUnderEveryNameThatItHad() {
        Row renamed = new Row(
                new RowSchema(List.of(
                        new Column("id", Primitive.INT64, false),
                        new Column("region", Primitive.STRING, false),
                        new Column("phone", Primitive.STRING, false),
                        new Column("born", Primitive.DATE, true))),
                new Object[] {7L, "eu", "a@b.c", 1});
        ChangeEvent change = update("eu", null, renamed);

        assertThat(MASKS.problem(change)).isEmpty();
        assertThat(after(MASKS.mask(change)).value(2)).isEqualTo("***@b.c");
    }

    private static Row after(ChangeEvent change) {
        return Objects.requireNonNull(change.after());
    }

    private static RowKey key(String region, long id) {
        return RowKey.of(TABLE, List.of(region, Long.toString(id)));
    }

    private static ChangeEvent update(String region, @Nullable Row before, Row after) {
        return new ChangeEvent(TABLE, key(region, 7), Operation.UPDATE, before, after, null, 1);
    }

    private static Row row(long id, String region, Object mail, int born) {
        return new Row(SCHEMA, new Object[] {id, region, mail, born});
    }
}
