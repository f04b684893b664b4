package io.millrace.schemas.registry;

import com.amazonaws.services.schemaregistry.common.AWSSchemaRegistryClient;
import com.amazonaws.services.schemaregistry.common.configs.GlueSchemaRegistryConfiguration;
import com.amazonaws.services.schemaregistry.exception.AWSSchemaRegistryException;
import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants;
import io.millrace.schemas.pipeline.Connections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;

/**
 * The AWS Glue Schema Registry, by the client code of AWS's own serializers.
 *
 * <p>Answers are kept for ever, as an id stands for one schema; that an id is unknown is kept for ten seconds, so that
 * a stream of broken records does not become a stream of calls.
 */
public final class GlueSchemaRegistry implements SchemaRegistry {
    private static final String FORMAT = "AVRO";
    private static final int MAX_UNKNOWN = 10_000;
    private static final long UNKNOWN_NANOS = 10_000_000_000L;

    private final AWSSchemaRegistryClient client;
    private final String where;
    private final LongSupplier nanoClock;

    private final Map<UUID, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Registration, UUID> ids = new ConcurrentHashMap<>();
    private final Map<UUID, Long> unknownSince = new ConcurrentHashMap<>();

    private record Registration(String schemaName, Schema schema) {}

    GlueSchemaRegistry(AWSSchemaRegistryClient client, String where, LongSupplier nanoClock) {
        this.client = client;
        this.where = where;
        this.nanoClock = nanoClock;
    }

    /**
     * A client of the registry with the credentials of the AWS SDK's default chain; calls nothing yet.
     *
     * <p>A schema that is registered under a name for the first time is created with the connection's compatibility; an
     * existing one keeps its own.
     */
    public static GlueSchemaRegistry connect(Connections.SchemaRegistry connection) {
        return connect(connection, DefaultCredentialsProvider.builder().build(), System::nanoTime);
    }

    static GlueSchemaRegistry connect(
            Connections.SchemaRegistry connection, AwsCredentialsProvider credentials, LongSupplier nanoClock) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(AWSSchemaRegistryConstants.AWS_REGION, connection.region());
        properties.put(AWSSchemaRegistryConstants.REGISTRY_NAME, connection.name());
        properties.put(
                AWSSchemaRegistryConstants.COMPATIBILITY_SETTING,
                connection.compatibility().name());
        properties.put(AWSSchemaRegistryConstants.SCHEMA_AUTO_REGISTRATION_SETTING, true);
        if (connection.endpoint() != null) {
            properties.put(AWSSchemaRegistryConstants.AWS_ENDPOINT, connection.endpoint());
        }
        String where = connection.name() + " at "
                + (connection.endpoint() == null ? "Glue in " + connection.region() : connection.endpoint());
        return new GlueSchemaRegistry(
                new AWSSchemaRegistryClient(credentials, new GlueSchemaRegistryConfiguration(properties)),
                where,
                nanoClock);
    }

    @Override
    public UUID register(String schemaName, Schema schema) {
        Registration registration = new Registration(schemaName, schema);
        UUID known = ids.get(registration);
        if (known != null) {
            return known;
        }
        UUID id = findOrRegister(schemaName, schema.toString());
        ids.put(registration, id);
        schemas.put(id, schema);
        return id;
    }

    private UUID findOrRegister(String schemaName, String definition) {
        try {
            return client.getSchemaVersionIdByDefinition(definition, schemaName, FORMAT);
        } catch (AWSSchemaRegistryException e) {
            EntityNotFoundException notFound = cause(e, EntityNotFoundException.class);
            if (notFound == null) {
                throw refused(schemaName, e);
            }
            // Glue tells the two apart in words only.
            boolean hasVersions = String.valueOf(notFound.getMessage())
                    .contains(AWSSchemaRegistryConstants.SCHEMA_VERSION_NOT_FOUND_MSG);
            try {
                return hasVersions
                        ? client.registerSchemaVersion(definition, schemaName, FORMAT, Map.of())
                        : client.createSchema(schemaName, FORMAT, definition, Map.of());
            } catch (AWSSchemaRegistryException refusal) {
                throw refused(schemaName, refusal);
            }
        }
    }

    private RuntimeException refused(String schemaName, AWSSchemaRegistryException e) {
        if (cause(e, InvalidInputException.class) != null || saysFailure(e)) {
            return new IncompatibleSchemaException(schemaName, e);
        }
        return new RegistryUnavailableException(
                "Cannot register schema: " + schemaName + " with registry " + where + ", " + reason(e), e);
    }

    @Override
    public Schema schema(UUID id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        Long since = unknownSince.get(id);
        if (since != null && nanoClock.getAsLong() - since < UNKNOWN_NANOS) {
            throw new UnknownSchemaException(id, null);
        }
        Schema schema = parse(id, fetch(id));
        unknownSince.remove(id);
        schemas.put(id, schema);
        return schema;
    }

    private String fetch(UUID id) {
        try {
            return client.getSchemaVersionResponse(id.toString()).schemaDefinition();
        } catch (AWSSchemaRegistryException e) {
            if (cause(e, EntityNotFoundException.class) == null) {
                throw new RegistryUnavailableException(
                        "Cannot fetch schema: " + id + " from registry " + where + ", " + reason(e), e);
            }
            if (unknownSince.size() >= MAX_UNKNOWN) {
                unknownSince.clear();
            }
            unknownSince.put(id, nanoClock.getAsLong());
            throw new UnknownSchemaException(id, e);
        }
    }

    private static Schema parse(UUID id, String definition) {
        try {
            // Other writers' names and defaults may be laxer than Avro's rules; reading does not depend on them.
            return new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(definition);
        } catch (AvroRuntimeException e) {
            throw new UnusableSchemaException(id, e);
        }
    }

    /** AWS's client reports the outcome of Glue's compatibility check in the words of a nested message. */
    private static boolean saysFailure(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof AWSSchemaRegistryException
                    && message != null
                    && message.matches("(?s).*(is in FAILURE status|status is FAILURE).*")) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
