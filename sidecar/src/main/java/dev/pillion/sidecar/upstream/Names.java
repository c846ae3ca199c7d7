package dev.pillion.sidecar.upstream;

import io.netty.channel.EventLoop;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Host names to addresses, for one loop: literals, the hosts file, then DNS. Never the JDK's
 * resolver, which would hold the loop up.
 */
final class Names {
    private static final long QUERY_TIMEOUT_MILLIS = 1_000;
    private static final int MAX_TTL_SECONDS = 300;
    static final File RESOLV_CONF = new File("/etc/resolv.conf");
    private static final HostsFileEntriesResolver HOSTS = HostsFileEntriesResolver.DEFAULT;

    private final EventLoop loop;
    private @Nullable DnsNameResolver resolver;

    Names(EventLoop loop) {
        this.loop = loop;
    }

    /** Which name servers to ask; reads files. */
    static DnsServerAddressStreamProvider servers(List<InetSocketAddress> given, File resolvConf) {
        // Loads the hosts file now, since the resolver would do it on the loop.
        var _ = HOSTS.address("localhost", ResolvedAddressTypes.IPV4_PREFERRED);
        if (!given.isEmpty()) {
            return new SequentialDnsServerAddressStreamProvider(given);
        }
        try {
            return new UnixResolverDnsServerAddressStreamProvider(resolvConf, new File[0]);
        } catch (IOException | IllegalArgumentException e) {
            // No file or no name server in it. The C library then asks this host; Netty would ask
            // a public server, which must not learn of our names.
            var here = new InetSocketAddress(NetUtil.LOCALHOST4, 53);
            return new SingletonDnsServerAddressStreamProvider(here);
        }
    }

    /** The addresses that the host stands for without being looked up, null when it must be. */
    static @Nullable List<InetAddress> known(String host) {
        if (host.equals("localhost")) {
            return List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        return literal == null ? null : List.of(literal);
    }

    /** All addresses of the name, IPv4 first. */
    Future<List<InetAddress>> resolve(String host, DnsServerAddressStreamProvider servers) {
        DnsNameResolver now = resolver;
        if (now == null) {
            now = open(servers);
            resolver = now;
        }
        return now.resolveAll(host);
    }

    void close() {
        if (resolver != null) {
            resolver.close();
        }
    }

    private DnsNameResolver open(DnsServerAddressStreamProvider servers) {
        return new DnsNameResolverBuilder(loop)
                .datagramChannelType(Transport.datagram(loop))
                .socketChannelType(Transport.socket(loop))
                .nameServerProvider(servers)
                .hostsFileEntriesResolver(HOSTS)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                .ttl(0, MAX_TTL_SECONDS)
                .build();
    }
}
