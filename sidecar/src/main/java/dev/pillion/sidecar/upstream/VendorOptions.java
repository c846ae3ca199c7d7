package dev.pillion.sidecar.upstream;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the vendors are reached, whoever they are.
 *
 * @param caFile PEM certificates that are trusted besides the JDK's and the system's; null: none
 * @param poolIdle how long a connection without a request is kept
 * @param maxIdlePerOrigin idle connections kept to one origin, on one loop
 * @param maxOpenPerOrigin connections open to one origin at once, on one loop
 * @param nameServers asked instead of those in {@code /etc/resolv.conf}; empty: those
 * @param tls which implementation of TLS
 */
public record VendorOptions(
        ProxySettings proxies,
        @Nullable Path caFile,
        Duration poolIdle,
        int maxIdlePerOrigin,
        int maxOpenPerOrigin,
        List<InetSocketAddress> nameServers,
        Tls tls) {

    /** Which implementation of TLS. */
    public enum Tls {
        /** OpenSSL where its library loads, else the JDK's. */
        FASTEST,
        JDK
    }

    public VendorOptions {
        nameServers = List.copyOf(nameServers);
    }

    public static VendorOptions defaults() {
        return new VendorOptions(
                ProxySettings.NONE, null, Duration.ofSeconds(90), 64, 8192, List.of(), Tls.FASTEST);
    }

    public VendorOptions withProxies(ProxySettings value) {
        return new VendorOptions(
                value, caFile, poolIdle, maxIdlePerOrigin, maxOpenPerOrigin, nameServers, tls);
    }

    public VendorOptions withCaFile(@Nullable Path value) {
        return new VendorOptions(
                proxies, value, poolIdle, maxIdlePerOrigin, maxOpenPerOrigin, nameServers, tls);
    }

    public VendorOptions withPoolIdle(Duration value) {
        return new VendorOptions(
                proxies, caFile, value, maxIdlePerOrigin, maxOpenPerOrigin, nameServers, tls);
    }

    public VendorOptions withMaxIdlePerOrigin(int value) {
        return new VendorOptions(
                proxies, caFile, poolIdle, value, maxOpenPerOrigin, nameServers, tls);
    }

    public VendorOptions withMaxOpenPerOrigin(int value) {
        return new VendorOptions(
                proxies, caFile, poolIdle, maxIdlePerOrigin, value, nameServers, tls);
    }

    public VendorOptions withNameServers(List<InetSocketAddress> value) {
        return new VendorOptions(
                proxies, caFile, poolIdle, maxIdlePerOrigin, maxOpenPerOrigin, value, tls);
    }

    public VendorOptions withTls(Tls value) {
        return new VendorOptions(
                proxies, caFile, poolIdle, maxIdlePerOrigin, maxOpenPerOrigin, nameServers, value);
    }
}
