package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("F55 the proxy of the environment is used towards vendors")
class ProxyTest {
    @TempDir static Path folder;
    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder);
    }

    private static TestBed through(FakeVendor proxy, String... more) throws Exception {
        var environment = new HashMap<String, String>();
        String url = "http://user:canary-pass@127.0.0.1:" + proxy.port();
        environment.put("HTTPS_PROXY", url);
        environment.put("HTTP_PROXY", url);
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return new TestBed(
                VendorOptions.defaults()
                        .withProxies(ProxySettings.parse(Map.copyOf(environment)))
                        .withCaFile(certificates.caFile()));
    }

    /** Carries bytes both ways after a CONNECT to the port of the vendor. */
    private static void tunnel(FakeVendor.Peer peer, int port) throws IOException {
        peer.read();
        try (var onward = new Socket(InetAddress.getLoopbackAddress(), port)) {
            peer.send("HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n");
            Thread back =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var from = onward.getInputStream()) {
                                    from.transferTo(peer.out());
                                } catch (IOException e) {
                                    // the test is over
                                }
                            });
            peer.in().transferTo(onward.getOutputStream());
            back.interrupt();
        }
    }

    private static Fault refusal(FakeVendor.Script script) throws Exception {
        try (var proxy = FakeVendor.plain(script);
                var bed = through(proxy)) {
            Fault fault = bed.call(URI.create("https://vendor.test")).fault();
            assertEquals(Origin.NETWORK, fault.origin());
            assertTrue(
                    fault.message()
                            .startsWith(
                                    "no connection to acme (vendor.test:443 through proxy"
                                            + " 127.0.0.1:"
                                            + proxy.port()),
                    fault.message());
            assertFalse(fault.message().contains("canary"), fault.message());
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
            return fault;
        }
    }

    @Test
    void anHttpsVendorIsReachedThroughATunnelWhichIsReused() throws Exception {
        try (var vendor = FakeVendor.tls(certificates.server("vendor"), FakeVendor::answerAll);
                var proxy = FakeVendor.plain(peer -> tunnel(peer, vendor.port()));
                var bed = through(proxy)) {
            var base = URI.create("https://localhost:" + vendor.port());
            for (int i = 0; i < 5; i++) {
                assertEquals("connection 1", bed.call(base).text());
                bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            }
            var connect = proxy.awaitRequest();
            assertEquals("CONNECT localhost:" + vendor.port() + " HTTP/1.1", connect.line());
            assertEquals("Basic dXNlcjpjYW5hcnktcGFzcw==", connect.header("proxy-authorization"));
            assertEquals("", vendor.awaitRequest().header("proxy-authorization"));
            assertEquals(1, proxy.accepted());
            assertFalse(bed.counts().toString().contains("canary"));
        }
    }

    @Test
    void anHttpVendorIsAskedForByItsWholeUrl() throws Exception {
        try (var proxy = FakeVendor.polite();
                var bed = through(proxy)) {
            bed.call(URI.create("http://vendor.test:8000/v1")).text();
            var request = proxy.awaitRequest();
            assertEquals("POST http://vendor.test:8000/v1/v1/messages HTTP/1.1", request.line());
            assertEquals("vendor.test:8000", request.header("host"));
            assertEquals("Basic dXNlcjpjYW5hcnktcGFzcw==", request.header("proxy-authorization"));
        }
    }

    @Test
    void whatNoProxyNamesIsReachedDirectly() throws Exception {
        try (var vendor = FakeVendor.polite();
                var proxy = FakeVendor.polite();
                var bed = through(proxy, "NO_PROXY", "localhost,127.0.0.0/8")) {
            bed.call(vendor.base()).text();
            assertEquals(1, vendor.accepted());
            assertEquals(0, proxy.accepted());
        }
    }

    @Test
    void aProxyThatWantsOtherCredentialsIsUnavailable() throws Exception {
        Fault fault =
                refusal(peer -> {
                    peer.read();
                    peer.send(
                            "HTTP/1.1 407 Nope\r\nproxy-authenticate: Basic\r\n"
                                    + "content-length: 3\r\n\r\nno!");
                    peer.awaitClosed();
                });
        assertEquals(FaultKind.UNAVAILABLE, fault.kind());
        assertTrue(
                fault.message().contains("answered CONNECT with 407 (proxy authentication"),
                fault.message());
    }

    @Test
    void aProxyThatCanNotReachTheVendorIsUnavailable() throws Exception {
        Fault fault =
                refusal(peer -> {
                    peer.read();
                    peer.send("HTTP/1.0 502 Bad Gateway\r\n\r\n");
                });
        assertEquals(FaultKind.UNAVAILABLE, fault.kind());
        assertTrue(fault.message().contains("502 (bad gateway)"), fault.message());
    }

    @Test
    void aProxyThatHangsUpIsUnavailable() throws Exception {
        Fault fault = refusal(FakeVendor.Peer::read);
        assertTrue(fault.message().contains("waiting for the proxy"), fault.message());
    }

    @Test
    void aProxyThatTalksNonsenseIsUnavailable() throws Exception {
        Fault fault =
                refusal(peer -> {
                    peer.read();
                    peer.send("220 smtp.test ready\r\n");
                });
        assertTrue(fault.message().contains("not HTTP/1.1"), fault.message());
    }

    @Test
    void aProxyThatHangsIsATimeout() throws Exception {
        try (var proxy = FakeVendor.plain(FakeVendor.Peer::awaitClosed);
                var bed = through(proxy)) {
            var base = URI.create("https://vendor.test");
            var endpoint = new Endpoint("acme", base, Duration.ofMillis(150));
            Fault fault = bed.call(TestBed.request(endpoint, "{}")).fault();
            assertEquals(FaultKind.TIMEOUT, fault.kind());
            assertTrue(fault.message().endsWith("waiting for the proxy"), fault.message());
            proxy.awaitClosing();
        }
    }

    @Test
    @DisplayName("F7 a call cancelled within the CONNECT closes its connection")
    void aCallCancelledWithinTheConnectClosesIt() throws Exception {
        try (var proxy =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.awaitClosed();
                        });
                var bed = through(proxy)) {
            var call = bed.call(URI.create("https://vendor.test"));
            proxy.awaitRequest();
            call.cancel();
            proxy.awaitClosing();
            assertFalse(call.isOver());
        }
    }
}
