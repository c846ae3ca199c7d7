package dev.pillion.sidecar.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** An address of a flag: {@code HOST:PORT}, or {@code off}. */
final class HostPort {
    private HostPort() {}

    /** Null for {@code off}. */
    static @Nullable InetSocketAddress of(String flag, String text) {
        if (text.equals("off")) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new Exit.Failure(2, flag + ": " + text + " (expected: HOST:PORT or off)");
        }
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(port));
        } catch (UnknownHostException e) {
            throw new Exit.Failure(2, flag + ": " + text + " (no such host)");
        }
    }
}
