package dev.pillion.sidecar.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("AddressSelection") // literals, which have one address
class NameLookupTest {

    /** A name server: addresses for a name and record type, empty for none, null for silence. */
    private static final class FakeDns implements AutoCloseable {
        private final DatagramSocket socket;
        private final Function<String, List<byte[]>> addresses;

        FakeDns(Function<String, List<byte[]>> addresses) throws IOException {
            this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            this.addresses = addresses;
            Thread.ofVirtual().start(this::serve);
        }

        VendorOptions options() {
            var server = (InetSocketAddress) socket.getLocalSocketAddress();
            return VendorOptions.defaults().withNameServers(List.of(server));
        }

        private void serve() {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[1500], 1500);
                    socket.receive(packet);
                    answer(packet);
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void answer(DatagramPacket packet) throws IOException {
            byte[] query = packet.getData();
            var name = new StringBuilder();
            int at = 12;
            while (query[at] != 0) {
                name.append(new String(query, at + 1, query[at], US_ASCII)).append('.');
                at += query[at] + 1;
            }
            int type = query[at + 2];
            List<byte[]> found = type == 1 ? addresses.apply(name.toString()) : List.of();
            if (found == null) {
                return;
            }
            var out = ByteBuffer.allocate(1500);
            boolean known = type != 1 || !found.isEmpty();
            out.put(query, 0, 2).putShort((short) (known ? 0x8180 : 0x8183));
            out.putShort((short) 1).putShort((short) found.size()).putInt(0);
            out.put(query, 12, at + 5 - 12);
            for (byte[] address : found) {
                out.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60);
                out.putShort((short) 4).put(address);
            }
            socket.send(new DatagramPacket(out.array(), out.position(), packet.getSocketAddress()));
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static byte[] loopback(int last) {
        return new byte[] {127, 0, 0, (byte) last};
    }

    @Test
    void aNameIsLookedUpAndTheNextAddressTriedWhenOneRefuses() throws Exception {
        try (var vendor = FakeVendor.polite();
                var dns = new FakeDns(name -> List.of(loopback(2), loopback(3), loopback(1)));
                var bed = new TestBed(dns.options())) {
            var base = URI.create("http://vendor.test:" + vendor.port());
            assertEquals("connection 1", bed.call(base).text());
            assertEquals("vendor.test:" + vendor.port(), vendor.awaitRequest().header("host"));
        }
    }

    @Test
    void anAddressThatIsSilentHasOnlyItsShareOfTheTime() throws Exception {
        try (var full = new TimeoutTest.FullBacklog();
                var vendor = FakeVendor.polite(full.base().getPort(), loopback(5));
                var dns = new FakeDns(name -> List.of(loopback(1), loopback(5)));
                var bed = new TestBed(dns.options())) {
            var base = URI.create("http://vendor.test:" + full.base().getPort());
            var endpoint = new Endpoint("acme", base, Duration.ofSeconds(2));
            assertEquals("connection 1", bed.call(TestBed.request(endpoint, "{}")).text());
            assertEquals(1, vendor.accepted());
        }
    }

    @Test
    void addressesNeedNoNameServer() throws Exception {
        byte[] six = InetAddress.getByName("::1").getAddress();
        assumeTrue(hasIpv6(), "no IPv6 here");
        try (var vendor = FakeVendor.polite(0, six);
                var dns = new FakeDns(name -> null);
                var bed = new TestBed(dns.options())) {
            bed.call(URI.create("http://[::1]:" + vendor.port())).text();
            assertEquals("[::1]:" + vendor.port(), vendor.awaitRequest().header("host"));
            bed.call(URI.create("http://localhost:" + vendor.port())).text();
        }
    }

    private static boolean hasIpv6() {
        try (var socket = new DatagramSocket(0, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void withoutANameServerThisHostIsAskedAndNobodyElse(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("resolv.conf"), "# none\nsearch test\n");
        for (Path file : List.of(empty, folder.resolve("missing"))) {
            var stream = Names.servers(List.of(), file.toFile()).nameServerAddressStream("a.test");
            assertEquals(1, stream.size());
            assertEquals(new InetSocketAddress("127.0.0.1", 53), stream.next());
        }
        Path one = Files.writeString(folder.resolve("one"), "nameserver 10.1.2.3\n");
        var stream = Names.servers(List.of(), one.toFile()).nameServerAddressStream("a.test");
        assertEquals("10.1.2.3", stream.next().getAddress().getHostAddress());
    }

    @Test
    void aNameThatNobodyKnowsIsUnavailable() throws Exception {
        try (var dns = new FakeDns(name -> List.of());
                var bed = new TestBed(dns.options())) {
            Fault fault = bed.call(URI.create("https://nowhere.test")).fault();
            assertEquals(FaultKind.UNAVAILABLE, fault.kind());
            assertEquals(
                    "no connection to acme (nowhere.test:443): name nowhere.test: no address found",
                    fault.message());
        }
    }

    @Test
    void aNameServerThatIsSilentIsATimeout() throws Exception {
        try (var dns = new FakeDns(name -> null);
                var bed = new TestBed(dns.options())) {
            var base = URI.create("https://vendor.test");
            var endpoint = new Endpoint("acme", base, Duration.ofMillis(200));
            Fault fault = bed.call(TestBed.request(endpoint, "{}")).fault();
            assertEquals(FaultKind.TIMEOUT, fault.kind());
            assertTrue(
                    fault.message().endsWith("looking up the name vendor.test"), fault.message());
        }
    }

    @Test
    void aNameServerThatIsSilentForLongIsUnavailable() throws Exception {
        try (var dns = new FakeDns(name -> null);
                var bed = new TestBed(dns.options())) {
            Fault fault = bed.call(URI.create("https://vendor.test")).fault();
            assertEquals(FaultKind.UNAVAILABLE, fault.kind());
            assertTrue(fault.message().endsWith("the name servers gave no answer"));
        }
    }
}
