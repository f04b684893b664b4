package io.millrace.capture.postgres;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.connector.postgresql.connection.DateTimeFormat;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.Column;
import io.debezium.relational.ColumnEditor;
import io.debezium.relational.ValueConverter;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;

/**
 * Converts arrays that Debezium by itself would lose, as a whole or in part. Every element becomes what a value of its type
 * outside of an array becomes.
 *
 * <ul>
 *   <li>Arrays of dates, times and intervals are read from their texts. Debezium reads them by way of {@code java.sql} types, which
 *       have no era, no infinities, and in a time of day no microseconds and no 24:00; it leaves columns of intervals out.
 *   <li>It leaves columns of some more types out, such as money, and fails at a NULL among labels of trees. These are arrays of texts.
 *   <li>It has no place for a NULL among enums, and makes a null of the whole array. Here there is one.
 *   <li>It puts a text in the place of each value that PostgreSQL did not send. In the place of an array of texts it puts an array
 *       with that text, and so on for some types. For all others, such as double precision, the text does not fit, and Debezium
 *       makes a null of it, or fails if the column is NOT NULL. Here all values of such columns pass; for those that were not sent
 *       there is {@link #UNSENT}, which {@link UnsentValues} finds.
 * </ul>
 */
public final class ArrayConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** Stands for an array that was not sent. It is told from an empty array by its identity. */
    static final List<Object> UNSENT = Collections.unmodifiableList(new ArrayList<>());

    /** Before the name of each setting of the connector, which are needed here to make the same of a value. */
    private static final String SETTINGS = "connector.";

    /** What Debezium 3.5 has a placeholder for. */
    private static final Set<String> HAVE_PLACEHOLDERS =
            Set.of("_text", "_varchar", "_bpchar", "_json", "_jsonb", "_bytea", "_int4", "_int8", "_uuid");

    /** What Debezium's converters of single values take, made of their texts as Debezium makes it of streamed ones. */
    private static final Map<String, TextReader> READERS = Map.of(
            "_date", DateTimeFormat.get()::date,
            "_time", text -> text,
            "_timetz", DateTimeFormat.get()::timeWithTimeZone,
            "_timestamp", ArrayConverter::timestamp,
            "_timestamptz", ArrayConverter::timestampWithZone,
            "_interval", PGInterval::new);

    /** Debezium fails at a NULL among them. */
    private static final String LABELS = "_ltree";

    private Configuration connector = Configuration.empty();
    private @Nullable TypeRegistry types;
    private @Nullable PostgresValueConverter values;

    /** Has a connector with all its other settings use this. */
    static void use(Properties settings) {
        Properties own = new Properties();
        settings.stringPropertyNames()
                .forEach(name -> own.setProperty("arrays." + SETTINGS + name, settings.getProperty(name)));
        settings.putAll(own);
        settings.setProperty("converters", "arrays");
        settings.setProperty("arrays.type", ArrayConverter.class.getName());
    }

    @Override
    public void configure(Properties settings) {
        connector = Configuration.from(settings).subset(SETTINGS, true);
    }

    @Override
    public void converterFor(RelationalColumn field, ConverterRegistration<SchemaBuilder> registration) {
        if (field.jdbcType() != Types.ARRAY || HAVE_PLACEHOLDERS.contains(field.typeName())) {
            return;
        }
        Column column = column(field);
        TextReader reader = READERS.get(field.typeName());
        SchemaBuilder schema = values().schemaBuilder(column);
        if (reader != null) {
            Column element = element(column);
            Schema elements = values().schemaBuilder(element).optional().build();
            ValueConverter converter = values().converter(element, new Field(element.name(), 0, elements));
            register(
                    registration,
                    SchemaBuilder.array(elements),
                    array -> elements(field, array, text -> converter.convert(reader.read(text))));
        } else if (schema == null
                || schema.type() != Schema.Type.ARRAY
                || field.typeName().equals(LABELS)) {
            register(
                    registration,
                    SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA),
                    array -> elements(field, array, text -> text));
        } else {
            Field array =
                    new Field(column.name(), 0, values().schemaBuilder(column).build());
            register(registration, withNulls(schema), values().converter(column, array));
        }
    }

    /** An array whose elements may be null; Debezium's arrays of enums have no place for them. */
    private static SchemaBuilder withNulls(SchemaBuilder array) {
        Schema element = array.valueSchema();
        if (element.isOptional()) {
            return array;
        }
        SchemaBuilder optional = new SchemaBuilder(element.type())
                .name(element.name())
                .version(element.version())
                .optional();
        if (element.parameters() != null) {
            optional.parameters(element.parameters());
        }
        return SchemaBuilder.array(optional.build());
    }

    private static void register(
            ConverterRegistration<SchemaBuilder> registration, SchemaBuilder schema, ValueConverter converter) {
        registration.register(
                schema,
                value -> UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)
                        ? UNSENT
                        : converter.convert(value));
    }

    /** Debezium's own converters, too, make empty values of nulls that a required field has in the old row of a delete. */
    private static @Nullable List<@Nullable Object> elements(
            RelationalColumn field, @Nullable Object array, TextReader reader) {
        if (array == null) {
            return field.isOptional() ? null : List.of();
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (String text : ArrayText.elements(array.toString())) {
            try {
                elements.add(text == null ? null : reader.read(text));
            } catch (SQLException e) {
                throw new ConnectException("Cannot read an element of array " + field.name(), e);
            }
        }
        return elements;
    }

    private static Instant timestamp(String text) {
        return switch (text) {
            case "infinity" -> PostgresValueConverter.POSITIVE_INFINITY_INSTANT;
            case "-infinity" -> PostgresValueConverter.NEGATIVE_INFINITY_INSTANT;
            default -> DateTimeFormat.get().timestampToInstant(text);
        };
    }

    private static OffsetDateTime timestampWithZone(String text) {
        return switch (text) {
            case "infinity" -> PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME;
            case "-infinity" -> PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME;
            default ->
                DateTimeFormat.get().timestampWithTimeZoneToOffsetDateTime(text).withOffsetSameInstant(ZoneOffset.UTC);
        };
    }

    /** Makes of a text what a converter takes, or what is in the event. */
    @FunctionalInterface
    private interface TextReader {
        @Nullable
        Object read(String text) throws SQLException;
    }

    /** A column of the elements' type. */
    private Column element(Column array) {
        PostgresType type = types().get(array.nativeType()).getElementType();
        return array.edit()
                .type(type.getName())
                .jdbcType(type.getJdbcId())
                .nativeType(type.getOid())
                .optional(true)
                .create();
    }

    private static Column column(RelationalColumn field) {
        ColumnEditor column = Column.editor()
                .name(field.name())
                .type(field.typeName(), field.typeExpression())
                .jdbcType(field.jdbcType())
                .nativeType(field.nativeType())
                .optional(field.isOptional());
        field.length().ifPresent(column::length);
        field.scale().ifPresent(column::scale);
        return column.create();
    }

    private PostgresValueConverter values() {
        connectOnce();
        return Objects.requireNonNull(values, "it is there once connected");
    }

    private TypeRegistry types() {
        connectOnce();
        return Objects.requireNonNull(types, "they are there once connected");
    }

    private void connectOnce() {
        if (values != null) {
            return;
        }
        PostgresConnectorConfig config = new PostgresConnectorConfig(connector);
        // It asks for a converter of its own to know types at all.
        try (PostgresConnection connection = new PostgresConnection(
                config.getJdbcConfig(),
                known -> PostgresValueConverter.of(config, StandardCharsets.UTF_8, known),
                "Millrace arrays")) {
            types = connection.getTypeRegistry();
            values = PostgresValueConverter.of(config, connection.getDatabaseCharset(), types);
        }
    }
}
