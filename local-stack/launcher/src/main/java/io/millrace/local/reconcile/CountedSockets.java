package io.millrace.local.reconcile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets that count what they receive. Public, and with a public constructor that takes a text, because the database's
 * driver makes it by its name ({@code socketFactory}, {@code socketFactoryArg}).
 */
public final class CountedSockets extends SocketFactory {
    private static final AtomicLong LAST = new AtomicLong();
    private static final Map<String, AtomicLong> COUNTS = new ConcurrentHashMap<>();

    private final AtomicLong received;

    /**
     * Counts under a name that {@link #newCount} has given.
     *
     * @param name the name
     */
    public CountedSockets(String name) {
        this.received = COUNTS.computeIfAbsent(name, any -> new AtomicLong());
    }

    /** A name to count under. */
    static String newCount() {
        return Long.toString(LAST.incrementAndGet());
    }

    /** The bytes received under a name. */
    static long received(String name) {
        AtomicLong count = COUNTS.get(name);
        return count == null ? 0 : count.get();
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                return new CountedInput(super.getInputStream(), received);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return connected(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return connected(host, port);
    }

    private Socket connected(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new java.net.InetSocketAddress(host, port));
        return socket;
    }

    /** Counts what is read. */
    static final class CountedInput extends FilterInputStream {
        private final AtomicLong count;

        CountedInput(InputStream input, AtomicLong count) {
            super(input);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count.addAndGet(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count.addAndGet(Math.max(0, read));
            return read;
        }
    }
}
