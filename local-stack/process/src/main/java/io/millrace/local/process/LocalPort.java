package io.millrace.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports of the loopback interface. */
public final class LocalPort {

    private static final int CONNECT_MILLIS = 500;

    private LocalPort() {}

    /** Whether a server could listen on a port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do it, so that connections that linger from the last run do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Whether something accepts connections on a port of 127.0.0.1 now. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /**
     * Checks that a server can listen on a port.
     *
     * @param title the server's name as people read it
     * @throws CannotStart if another process has the port
     */
    public static void requireFree(String title, int port) throws CannotStart {
        if (!isFree(port)) {
            throw new CannotStart("Cannot start %s on port %d: the port is taken".formatted(title, port));
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
