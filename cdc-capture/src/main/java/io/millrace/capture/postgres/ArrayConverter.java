package io.millrace.capture.postgres;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.Column;
import io.debezium.relational.ColumnEditor;
import io.debezium.relational.ValueConverter;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Converts arrays of which Debezium by itself would make a null, or nothing.
 *
 * <p>It has no element type for some, such as intervals, and leaves their columns out. Here they are arrays of their elements' texts.
 * An array of enums with a NULL among them is a null to it; here it is an array with a null.
 *
 * <p>Debezium puts a text in the place of each value that PostgreSQL did not send. In the place of an array of texts it puts an
 * array with that text, and so on for some types. For all others, such as double precision, the text does not fit, and Debezium
 * makes a null of it, or fails if the column is NOT NULL. Here all values of such columns pass; those that were sent are converted
 * as Debezium does it, for the others there is {@link #UNSENT}, which {@link UnsentValues} finds.
 */
public final class ArrayConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** Stands for an array that was not sent. It is told from an empty array by its identity. */
    static final List<Object> UNSENT = Collections.unmodifiableList(new ArrayList<>());

    /** Before the name of each setting of the connector, which are needed here to make the same of a value. */
    private static final String SETTINGS = "connector.";

    /** What Debezium 3.5 has a placeholder for. */
    private static final Set<String> HAVE_PLACEHOLDERS =
            Set.of("_text", "_varchar", "_bpchar", "_json", "_jsonb", "_bytea", "_int4", "_int8", "_date", "_uuid");

    private Configuration connector = Configuration.empty();
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
        SchemaBuilder schema = values().schemaBuilder(column);
        if (schema == null || schema.type() != Schema.Type.ARRAY) {
            register(registration, SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA), array -> texts(field, array));
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
    private static @Nullable List<@Nullable String> texts(RelationalColumn field, @Nullable Object array) {
        if (array == null) {
            return field.isOptional() ? null : List.of();
        }
        return ArrayText.elements(array.toString());
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
        PostgresValueConverter known = values;
        if (known == null) {
            PostgresConnectorConfig config = new PostgresConnectorConfig(connector);
            // It asks for a converter of its own to know types at all.
            try (PostgresConnection connection = new PostgresConnection(
                    config.getJdbcConfig(),
                    types -> PostgresValueConverter.of(config, StandardCharsets.UTF_8, types),
                    "Millrace arrays")) {
                known = PostgresValueConverter.of(
                        config, connection.getDatabaseCharset(), connection.getTypeRegistry());
            }
            values = known;
        }
        return known;
    }
}
