package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("F17 a vendor that hangs, in any phase, is given up on time")
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    private static Fault assertTimeout(Recorder call, Origin origin) {
        Fault fault = call.fault();
        assertEquals(FaultKind.TIMEOUT, fault.kind(), fault.message());
        assertEquals(origin, fault.origin());
        return fault;
    }

    @Test
    void aConnectionThatIsNotAccepted() throws Exception {
        try (var full = new FullBacklog();
                var bed = new TestBed()) {
            var endpoint = new Endpoint("acme", full.base(), SHORT);
            Fault fault = assertTimeout(bed.call(TestBed.request(endpoint, "{}")), Origin.NETWORK);
            assertEquals(
                    "no connection to acme (127.0.0.1:%d) within 150ms: connecting to 127.0.0.1:%d"
                            .formatted(full.base().getPort(), full.base().getPort()),
                    fault.message());
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    void aTlsHandshakeWithoutAnswer() throws Exception {
        try (var vendor = FakeVendor.plain(FakeVendor.Peer::awaitClosed);
                var bed = new TestBed()) {
            var base = URI.create("https://127.0.0.1:" + vendor.port());
            var endpoint = new Endpoint("acme", base, SHORT);
            Fault fault = assertTimeout(bed.call(TestBed.request(endpoint, "{}")), Origin.NETWORK);
            assertTrue(fault.message().endsWith("within 150ms: TLS"), fault.message());
            vendor.awaitClosing();
        }
    }

    @Test
    void anAnswerThatDoesNotBegin() throws Exception {
        try (var vendor = FakeVendor.plain(FakeVendor.Peer::awaitClosed);
                var bed = new TestBed()) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}", SHORT, TestBed.LONG));
            Fault fault = assertTimeout(call, Origin.VENDOR);
            assertTrue(fault.message().endsWith("gave no answer within 150ms"), fault.message());
            vendor.awaitClosing();
        }
    }

    @Test
    @DisplayName("F16 a vendor silent within its answer is cut by the idle timeout")
    void anAnswerThatFallsSilent() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 10") + "half");
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}", TestBed.LONG, SHORT));
            Fault fault = assertTimeout(call, Origin.VENDOR);
            assertTrue(
                    fault.message().endsWith("was silent for 150ms in its answer"),
                    fault.message());
            assertEquals(4, call.bytes());
            vendor.awaitClosing();
        }
    }

    @Test
    @DisplayName("F9 a vendor that never closes after its last event is cut by the idle timeout")
    void anAnswerWithoutLengthThatNeverEnds() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("connection: close") + "all of it");
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}", TestBed.LONG, SHORT));
            assertTimeout(call, Origin.VENDOR);
            assertEquals(9, call.bytes());
        }
    }

    @Test
    void aRequestThatIsNotTaken() throws Exception {
        var go = new CountDownLatch(1);
        try (var vendor = FakeVendor.plain(peer -> go.await());
                var bed = new TestBed()) {
            var endpoint = TestBed.endpoint(vendor.base());
            String body = "x".repeat(32 << 20);
            Fault fault =
                    assertTimeout(
                            bed.call(TestBed.request(endpoint, body, TestBed.LONG, SHORT)),
                            Origin.VENDOR);
            assertTrue(
                    fault.message().endsWith("took nothing of the request for 150ms"),
                    fault.message());
            go.countDown();
        }
    }

    @Test
    @DisplayName("F16 an answer that drips on is not silent, however long it takes")
    void aSlowAnswerIsNotSilent() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 12"));
                            for (int i = 0; i < 12; i++) {
                                peer.send("x");
                                Thread.sleep(100);
                            }
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            var endpoint = TestBed.endpoint(vendor.base());
            var idle = Duration.ofSeconds(1); // of 1.2 s in all
            var call = bed.call(TestBed.request(endpoint, "{}", TestBed.LONG, idle));
            assertEquals(12, call.text().length());
        }
    }

    /** A listener that accepts no more: the kernel drops what else wants to connect. */
    static final class FullBacklog implements AutoCloseable {
        private final ServerSocket server;
        private final List<SocketChannel> fillers = new ArrayList<>();

        FullBacklog() throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                var _ = filler.connect(server.getLocalSocketAddress());
                fillers.add(filler);
            }
        }

        URI base() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
            server.close();
        }
    }
}
