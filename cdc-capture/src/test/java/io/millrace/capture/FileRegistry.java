package io.millrace.capture;

import io.millrace.schemas.registry.IncompatibleSchemaException;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.registry.UnknownSchemaException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** A registry that takes every schema and keeps it in a directory; none if there is an object {@value #CLOSED}. */
final class FileRegistry implements SchemaRegistry {
    static final String CLOSED = "schemas/closed";

    private final FileObjects objects;
    private final Map<UUID, Schema> known = new ConcurrentHashMap<>();

    FileRegistry(FileObjects objects) {
        this.objects = objects;
    }

    @Override
    public UUID register(String schemaName, Schema schema) {
        if (objects.read(CLOSED) != null) {
            throw new IncompatibleSchemaException(schemaName, null);
        }
        byte[] definition = schema.toString().getBytes(StandardCharsets.UTF_8);
        UUID id = UUID.nameUUIDFromBytes(definition);
        objects.write("schemas/" + id, definition);
        return id;
    }

    @Override
    public Schema schema(UUID id) {
        return known.computeIfAbsent(id, this::read);
    }

    private Schema read(UUID id) {
        byte[] definition = objects.read("schemas/" + id);
        if (definition == null) {
            throw new UnknownSchemaException(id, new IllegalStateException("no file"));
        }
        return new Schema.Parser().parse(new String(definition, StandardCharsets.UTF_8));
    }
}
