package io.millrace.local.s3;

import io.millrace.local.process.LocalPort;
import io.millrace.local.process.ServerCommand;
import io.millrace.local.process.ServerProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** S3's process: S3Proxy over a directory. Requests must be signed with the one key pair that it knows. */
@Command(name = "s3")
public final class S3Server implements ServerCommand {

    private static final int THREADS = 64;

    /**
     * How old a request may be when it is served. Clients have this machine's clock, but the machine may sleep in the middle of
     * a request. S3's quarter of an hour would refuse it then, and clients try everything again but a HEAD, as its answer has
     * no body to say why.
     */
    private static final Duration OLDEST_REQUEST = Duration.ofDays(7);

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--bucket", description = "A bucket that exists from the start.")
    private List<String> buckets = List.of();

    @Option(names = "--access-key", defaultValue = "millrace")
    private String accessKey;

    @Option(names = "--secret-key", defaultValue = "millrace-local")
    private String secretKey;

    public static void main(String[] args) {
        ServerProcess.main(new S3Server(), args);
    }

    @Override
    public String title() {
        return "S3";
    }

    @Override
    public AutoCloseable start() throws Exception {
        LocalPort.requireFree(title(), port);
        BlobStore store = new FilesystemNio2BlobStore(
                Files.createDirectories(data).toAbsolutePath().toString());
        for (String bucket : buckets) {
            if (!store.containerExists(bucket)) {
                store.createContainer(bucket);
            }
        }
        S3Proxy server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .jettyMaxThreads(THREADS)
                .ignoreUnknownHeaders(true)
                .maximumTimeSkew(Math.toIntExact(OLDEST_REQUEST.toSeconds()))
                .build();
        server.start();
        return server::stop;
    }
}
