package io.millrace.local.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire between a client and a server of 127.0.0.1 that can be cut, refuse connections, and lose the request or the answer
 * of the next commit.
 */
final class FaultyProxy implements AutoCloseable {
    /** How the JDBC catalog swaps a table's metadata; sent as text, as the client is told not to prepare statements. */
    private static final byte[] COMMIT = "UPDATE iceberg_tables".getBytes(StandardCharsets.UTF_8);

    private final int port;
    private final int server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requestsToLose = new AtomicInteger();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private @Nullable ServerSocket listener;

    /** Connects a free port with a server's. */
    FaultyProxy(int server) throws IOException {
        this.server = server;
        this.port = freePort();
        listen();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Ends all connections; new ones are accepted. */
    void cut() {
        open.forEach(FaultyProxy::close);
    }

    /** Ends all connections and refuses new ones until told otherwise. */
    synchronized void refuse() {
        if (listener != null) {
            close(listener);
            listener = null;
        }
        cut();
    }

    synchronized void listen() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 100);
        listener = fresh;
        start("accept " + port, () -> accept(fresh));
    }

    /** The next commit does not reach the server, and the client cannot know. */
    void loseNextRequest() {
        requestsToLose.incrementAndGet();
    }

    /** The next commit reaches the server, but the client does not hear of it. */
    void loseNextAnswer() {
        answersToLose.incrementAndGet();
    }

    /** Loses nothing more. */
    void heal() throws IOException {
        requestsToLose.set(0);
        answersToLose.set(0);
        listen();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                connect(client);
            } catch (IOException closed) {
                // The listener was closed, or the server is down: the client sees its connection end.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream = new Socket();
        try {
            upstream.connect(new InetSocketAddress("127.0.0.1", server), 2000);
        } catch (IOException down) {
            close(client);
            open.remove(client);
            throw down;
        }
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        open.add(upstream);
        Wire wire = new Wire(client, upstream);
        start("requests " + port, wire::requests);
        start("answers " + port, wire::answers);
    }

    /** One connection. */
    private final class Wire {
        private final Socket client;
        private final Socket upstream;
        private volatile boolean loseAnswer;

        Wire(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void requests() {
            byte[] buffer = new byte[64 << 10];
            try (InputStream in = client.getInputStream();
                    OutputStream out = upstream.getOutputStream()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (isCommit(buffer, count)) {
                        if (take(requestsToLose)) {
                            return;
                        }
                        loseAnswer = loseAnswer || take(answersToLose);
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException ended) {
                // One side is gone; the other one is told below.
            } finally {
                end();
            }
        }

        void answers() {
            byte[] buffer = new byte[64 << 10];
            try (InputStream in = upstream.getInputStream();
                    OutputStream out = client.getOutputStream()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (loseAnswer) {
                        return;
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException ended) {
                // One side is gone; the other one is told below.
            } finally {
                end();
            }
        }

        private void end() {
            close(client);
            close(upstream);
            open.remove(client);
            open.remove(upstream);
        }
    }

    private static boolean isCommit(byte[] buffer, int count) {
        for (int start = 0; start + COMMIT.length <= count; start++) {
            int matched = 0;
            while (matched < COMMIT.length && buffer[start + matched] == COMMIT[matched]) {
                matched++;
            }
            if (matched == COMMIT.length) {
                return true;
            }
        }
        return false;
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception ignored) {
            // It is closed either way.
        }
    }

    @Override
    public void close() {
        refuse();
    }
}
