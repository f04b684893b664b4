package io.millrace.local.registry;

/** An answer that Glue gives as an error. */
final class RegistryError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The error's name in the protocol. */
    enum Type {
        AlreadyExistsException,
        EntityNotFoundException,
        InvalidInputException,
        ValidationException,
        UnknownOperationException
    }

    private final Type type;

    private RegistryError(Type type, String message) {
        super(message);
        this.type = type;
    }

    static RegistryError alreadyExists(String message) {
        return new RegistryError(Type.AlreadyExistsException, message);
    }

    static RegistryError notFound(String message) {
        return new RegistryError(Type.EntityNotFoundException, message);
    }

    static RegistryError invalid(String message) {
        return new RegistryError(Type.InvalidInputException, message);
    }

    static RegistryError malformed(String message) {
        return new RegistryError(Type.ValidationException, message);
    }

    static RegistryError unknownOperation(String operation) {
        return new RegistryError(Type.UnknownOperationException, "Not an operation of this registry: " + operation);
    }

    Type type() {
        return type;
    }
}
