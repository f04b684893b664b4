package io.millrace.schemas.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.deadletter.RecordSeal;
import io.millrace.schemas.event.ChangeEvent;
import io.millrace.schemas.event.Column;
import io.millrace.schemas.event.ColumnType;
import io.millrace.schemas.event.ColumnType.Primitive;
import io.millrace.schemas.event.Operation;
import io.millrace.schemas.event.Row;
import io.millrace.schemas.event.RowKey;
import io.millrace.schemas.event.RowSchema;
import io.millrace.schemas.event.SourcePosition;
import io.millrace.schemas.event.TableId;
import io.millrace.schemas.mask.MaskingKey;
import io.millrace.schemas.replay.RepairRequest.Body;
import io.millrace.schemas.replay.RepairRequest.BodyColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepairRequestTest {
    private static final TableId TABLE = new TableId("shop", "public", "parcels");
    private static final RepairRequest.Head HEAD =
            new RepairRequest.Head("shop", "me", 5_000_000, new RowReading(1 << 20, 4_000_000, 17, false));
    private static final RecordSeal SEAL = new RecordSeal(MaskingKey.of("a key of at least thirty-two characters"));

    @Test
    void rowComesBackAsItWas() {
        Body body = new Body(
                "public",
                "parcels",
                List.of("7"),
                List.of(
                        new BodyColumn("id", "int32", false),
                        new BodyColumn("price", "decimal(9,2)", true),
                        new BodyColumn("tags", "array(string)", true),
                        new BodyColumn("note", "string", true)),
                Arrays.<@Nullable Object>asList("7", "1.50", Arrays.asList("a", null, ""), null));

        RepairRequest read =
                RepairRequest.parse(RepairRequest.of(HEAD, body, SEAL).encode());

        assertThat(read.head()).isEqualTo(HEAD);
        assertThat(read.change(SEAL))
                .isEqualTo(new ChangeEvent(
                        TABLE,
                        RowKey.of(TABLE, List.of("7")),
                        Operation.UPDATE,
                        null,
                        new Row(
                                new RowSchema(List.of(
                                        new Column("id", Primitive.INT32, false),
                                        new Column("price", new ColumnType.Decimal(9, 2), true),
                                        new Column("tags", new ColumnType.Array(Primitive.STRING), true),
                                        new Column("note", Primitive.STRING, true))),
                                new @Nullable Object[] {7, new BigDecimal("1.50"), Arrays.asList("a", null, ""), null}),
                        null,
                        4_000_000));
    }

    @Test
    void missingRowIsADelete() {
        Body body = new Body("public", "parcels", List.of("a|b"), null, null);

        ChangeEvent change =
                RepairRequest.parse(RepairRequest.of(HEAD, body, SEAL).encode()).change(SEAL);

        assertThat(change.operation()).isEqualTo(Operation.DELETE);
        assertThat(change.key()).isEqualTo(RowKey.of(TABLE, List.of("a|b")));
    }

    @Test
    void nothingOfTheRowIsInClear() {
        Body body = new Body("public", "parcels", List.of("secret"), null, null);

        byte[] data = RepairRequest.of(HEAD, body, SEAL).encode();

        assertThat(new String(data, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }

    @Test
    void whatIsCutOffOrChangedOrOfNoTypeIsToldWithoutItsValues() {
        Body body = new Body(
                "public", "parcels", List.of("1"), List.of(new BodyColumn("id", "int32", false)), List.of("secret"));
        byte[] data = RepairRequest.of(HEAD, body, SEAL).encode();
        byte[] changed = data.clone();
        changed[data.length - 1]++;

        assertThatThrownBy(() -> RepairRequest.parse(Arrays.copyOf(data, 20)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RepairRequest.parse(changed).change(SEAL))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RepairRequest.parse(data).change(SEAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThat(RepairRequest.is(data)).isTrue();
        assertThat(RepairRequest.is("{}".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void aReadingIncludesWhatIsBeforeItInBothPartsOfAPosition() {
        RowReading reading = new RowReading(100, 4_000_000, 0, false);

        assertThat(reading.includes(new SourcePosition(50, 99), null)).isTrue();
        assertThat(reading.includes(new SourcePosition(50, 100), null)).isFalse();
        assertThat(reading.includes(new SourcePosition(100, 0), null)).isFalse();
        assertThat(reading.position(new SourcePosition(50, 60))).isEqualTo(new SourcePosition(50, 99));
        assertThat(reading.position(null)).isEqualTo(new SourcePosition(0, 99));
    }
}
