package io.millrace.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** PostgreSQL and Kinesis for all integration tests: started for the first, stopped after the last. */
final class LocalServers implements AutoCloseable, ExtensionContext.Store.CloseableResource {
    private final Path directory;
    private final SourceServer source;
    private final LocalKinesis kinesis;
    private @Nullable MariaServer maria;

    private LocalServers() throws IOException, InterruptedException {
        System.setProperty("aws.accessKeyId", "millrace");
        System.setProperty("aws.secretAccessKey", "millrace-local");
        directory = Files.createTempDirectory("millrace-capture");
        source = SourceServer.start("logical");
        kinesis = LocalKinesis.start(directory.resolve("kinesis"));
    }

    /** Gives tests their servers as a parameter. */
    static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == LocalServers.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(LocalServers.class))
                    .getOrComputeIfAbsent(LocalServers.class, type -> start(), LocalServers.class);
        }

        private static LocalServers start() {
            try {
                return new LocalServers();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    Path directory() {
        return directory;
    }

    SourceServer source() {
        return source;
    }

    /** A MariaDB server, started when a test first asks for it. */
    synchronized MariaServer maria() throws Exception {
        MariaServer started = maria;
        if (started == null) {
            started = MariaServer.start(Files.createDirectories(directory.resolve("mariadb")));
            maria = started;
        }
        return started;
    }

    LocalKinesis kinesis() {
        return kinesis;
    }

    @Override
    public void close() throws Exception {
        kinesis.close();
        source.close();
        if (maria != null) {
            maria.close();
        }
        SourceServer.delete(directory);
    }
}
