package io.millrace.local.registry;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What a new version of a schema must be able to do; the modes are Glue's.
 *
 * @see <a href="https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html#schema-registry-compatibility">Schema
 *     versioning and compatibility</a>
 */
@SuppressWarnings("ImmutableEnumChecker") // Avro's validators have no state
enum Compatibility {
    /** Anything goes. */
    NONE(null),
    /** There is no second version. */
    DISABLED(null),
    /** The new version reads what the last one wrote. */
    BACKWARD(new SchemaValidatorBuilder().canReadStrategy().validateLatest()),
    /** The new version reads what any earlier one wrote. */
    BACKWARD_ALL(new SchemaValidatorBuilder().canReadStrategy().validateAll()),
    /** The last version reads what the new one writes. */
    FORWARD(new SchemaValidatorBuilder().canBeReadStrategy().validateLatest()),
    /** Every earlier version reads what the new one writes. */
    FORWARD_ALL(new SchemaValidatorBuilder().canBeReadStrategy().validateAll()),
    /** The new and the last version read each other. */
    FULL(new SchemaValidatorBuilder().mutualReadStrategy().validateLatest()),
    /** The new and every earlier version read each other. */
    FULL_ALL(new SchemaValidatorBuilder().mutualReadStrategy().validateAll());

    private final @Nullable SchemaValidator validator;

    Compatibility(@Nullable SchemaValidator validator) {
        this.validator = validator;
    }

    /**
     * Why a schema may not follow the earlier ones; empty if it may.
     *
     * @param next the new version
     * @param earlier the accepted versions, the newest first
     */
    Optional<String> objection(Schema next, List<Schema> earlier) {
        if (this == DISABLED && !earlier.isEmpty()) {
            return Optional.of("Compatibility DISABLED allows one version only");
        }
        if (validator == null) {
            return Optional.empty();
        }
        try {
            validator.validate(next, earlier);
            return Optional.empty();
        } catch (SchemaValidationException e) {
            return Optional.of("Not compatible (" + this + "): " + e.getMessage());
        }
    }
}
