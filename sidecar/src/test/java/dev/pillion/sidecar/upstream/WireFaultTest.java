package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "epoll {0}")
@ValueSource(booleans = {true, false})
@SuppressWarnings("StringConcatToTextBlock") // text blocks would hide the CR LF of the wire
@DisplayName("F17 whatever breaks on the wire ends in one fault that says what")
class WireFaultTest {
    @Parameter boolean epoll;

    private Fault faultOf(FakeVendor.Script script) throws Exception {
        try (var vendor = FakeVendor.plain(script);
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            Fault fault = bed.call(vendor.base()).fault();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
            assertEquals(1, vendor.accepted(), "a fresh connection is not tried twice");
            assertEquals(Retry.ANYWHERE, fault.retry());
            assertTrue(fault.message().startsWith("acme (127.0.0.1:"), fault.message());
            assertFalse(fault.message().contains("canary"), fault.message());
            return fault;
        }
    }

    private static void assertProtocol(String expected, Fault fault) {
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault.kind());
        assertEquals(Origin.VENDOR, fault.origin());
        assertTrue(fault.message().contains(expected), fault.message());
    }

    @Test
    void aRefusedConnection() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            Fault fault = bed.call(URI.create("http://127.0.0.1:" + port)).fault();
            assertEquals(FaultKind.UNAVAILABLE, fault.kind());
            assertEquals(Origin.NETWORK, fault.origin());
            assertEquals(
                    "no connection to acme (127.0.0.1:%d): connecting to 127.0.0.1:%d: connection refused"
                            .formatted(port, port),
                    fault.message());
            assertEquals(0, bed.counts().open());
        }
    }

    @Test
    void aResetBeforeTheHead() throws Exception {
        Fault fault =
                faultOf(peer -> {
                    peer.read();
                    peer.reset();
                });
        assertEquals(FaultKind.UNAVAILABLE, fault.kind());
        assertEquals(Origin.NETWORK, fault.origin());
        assertTrue(fault.message().contains("connection reset"), fault.message());
    }

    @Test
    void aCloseBeforeTheHead() throws Exception {
        Fault fault = faultOf(FakeVendor.Peer::read);
        assertEquals(FaultKind.UNAVAILABLE, fault.kind());
        assertTrue(fault.message().endsWith("closed the connection without an answer"));
    }

    @Test
    void aCloseWithinTheHead() throws Exception {
        assertProtocol(
                "closed the connection in the head of its answer",
                faultOf(peer -> {
                    peer.read();
                    peer.send("HTTP/1.1 200 OK\r\ncontent-ty");
                }));
    }

    @Test
    void aResetWithinTheBody() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 10") + "half");
                            peer.read();
                        });
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            var call = bed.call(vendor.base());
            Recorder.await(call.body);
            vendor.resetAll();
            Fault fault = call.fault();
            assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault.kind());
            assertEquals(Origin.NETWORK, fault.origin());
            assertTrue(fault.message().contains("after 4 bytes"), fault.message());
        }
    }

    @Test
    @DisplayName("F17 a body shorter than stated is a cut, with the counts")
    void aBodyShorterThanStated() throws Exception {
        assertProtocol(
                "cut after 4 of 10 bytes",
                faultOf(peer -> {
                    peer.read();
                    peer.send(FakeVendor.okHead("content-length: 10") + "half");
                }));
    }

    @Test
    void aCloseWithinAChunk() throws Exception {
        assertProtocol(
                "cut after 4 bytes, before its last chunk",
                faultOf(peer -> {
                    peer.read();
                    peer.send(chunked("a\r\nhalf"));
                }));
    }

    @Test
    void aCloseBeforeTheLastChunk() throws Exception {
        assertProtocol(
                "cut after 4 bytes, before its last chunk",
                faultOf(peer -> {
                    peer.read();
                    peer.send(chunked("4\r\nhalf\r\n"));
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "\u0015\u0003\u0001\u0000\u0002\u0002F",
                "<html>",
                "\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: none\r\n\r\n",
                "HTTP/1.1 200 OK\r\nx y: z\r\n\r\n",
                "HTTP/1.1 200 OK\r\n folded: z\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\n"
                        + "content-encoding: gzip\r\n"
                        + "content-length: 20\r\n\r\n"
                        + "01234567890123456789",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n11111111111111111\r\n"
            })
    void nonsenseInsteadOfHttp(String answer) throws Exception {
        Fault fault =
                faultOf(peer -> {
                    peer.read();
                    peer.send(answer);
                    peer.awaitClosed();
                });
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault.kind(), fault.message());
    }

    @Test
    void aHeadWithoutEnd() throws Exception {
        assertProtocol(
                "65536 bytes",
                faultOf(peer -> {
                    peer.read();
                    peer.send("HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 7000; i++) {
                        peer.send("x-filler: " + i + "\r\n");
                    }
                    peer.awaitClosed();
                }));
    }

    @Test
    @DisplayName("F17 a refusal that comes before the request is all sent is heard")
    void aRefusalBeforeTheRequestIsAllSentIsHeard() throws Exception {
        for (int kilobytes : new int[] {200, 32 << 10}) {
            try (var vendor =
                            FakeVendor.plain(peer -> {
                                peer.in().read();
                                peer.send(
                                        "HTTP/1.1 413 Too Large\r\ncontent-length: 9\r\n"
                                                + "connection: close\r\n\r\ntoo large");
                            });
                    var bed = new TestBed(VendorOptions.defaults(), epoll)) {
                String body = "x".repeat(kilobytes << 10);
                var call = bed.call(TestBed.request(TestBed.endpoint(vendor.base()), body));
                assertEquals("too large", call.text());
                assertEquals(413, call.status());
                bed.awaitOnLoop(() -> bed.counts().open() == 0);
            }
        }
    }

    @Test
    void aListenerThatThrowsIsADefectOfOursAndEndsTheCall() throws Exception {
        var reported = new CompletableFuture<Throwable>();
        try (var vendor = FakeVendor.polite();
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            bed.onDefect(reported::complete);
            var recorder =
                    new Recorder(bed)
                            .onBody(r -> {
                                throw new IllegalStateException("of the listener");
                            });
            bed.call(TestBed.request(TestBed.endpoint(vendor.base()), "{}"), recorder);
            assertEquals(FaultKind.INTERNAL, recorder.fault().kind());
            assertEquals("of the listener", Recorder.await(reported).getMessage());
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    void aBaseUrlThatLeadsNowhere() throws Exception {
        try (var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            Fault fault = bed.call(URI.create("ftp://files.example")).fault();
            assertEquals(FaultKind.INTERNAL, fault.kind());
        }
    }

    private static String chunked(String body) {
        return FakeVendor.okHead("transfer-encoding: chunked") + body;
    }
}
