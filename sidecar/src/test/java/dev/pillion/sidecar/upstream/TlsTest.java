package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(VendorOptions.Tls.class)
class TlsTest {
    @TempDir static Path folder;
    private static TestCertificates certificates;

    @Parameter VendorOptions.Tls tls;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder);
        assertTrue(OpenSsl.isAvailable(), String.valueOf(OpenSsl.unavailabilityCause()));
    }

    private TestBed trusting() throws Exception {
        return new TestBed(VendorOptions.defaults().withTls(tls).withCaFile(certificates.caFile()));
    }

    private static FakeVendor vendor(String alias, FakeVendor.Script script) throws Exception {
        return FakeVendor.tls(certificates.server(alias), script);
    }

    private static URI localhost(FakeVendor vendor) {
        return URI.create("https://localhost:" + vendor.port());
    }

    private static Fault assertTlsFault(String expected, Recorder call) {
        Fault fault = call.fault();
        assertEquals(FaultKind.UNAVAILABLE, fault.kind());
        assertEquals(Origin.NETWORK, fault.origin());
        assertTrue(fault.message().contains(": TLS: "), fault.message());
        assertTrue(fault.message().contains(expected), fault.message());
        return fault;
    }

    @Test
    @DisplayName("F55 a private CA is trusted by its file; F2 one handshake serves all requests")
    void aPrivateCaIsTrustedByItsFile() throws Exception {
        try (var vendor = vendor("vendor", FakeVendor::answerAll);
                var bed = trusting()) {
            for (int i = 0; i < 50; i++) {
                assertEquals("connection 1", bed.call(localhost(vendor)).text());
                bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            }
            assertEquals("connection 2", bed.call(vendor.base()).text(), "by address");
            assertEquals(2, vendor.accepted());
        }
    }

    @Test
    void theVendorHearsTheNameAndHttp11AndAModernProtocol() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        try (var vendor =
                        FakeVendor.tls(
                                certificates.server("vendor"),
                                socket -> {
                                    var parameters = socket.getSSLParameters();
                                    parameters.setApplicationProtocols(
                                            new String[] {"h2", "http/1.1"});
                                    socket.setSSLParameters(parameters);
                                },
                                peer -> {
                                    var socket = (SSLSocket) peer.socket();
                                    seen.add(socket.getApplicationProtocol());
                                    seen.add(socket.getSession().getProtocol());
                                    FakeVendor.answerAll(peer);
                                });
                var bed = trusting()) {
            bed.call(localhost(vendor)).text();
            assertEquals("[http/1.1, TLSv1.3]", seen.toString());
        }
    }

    @Test
    @DisplayName("F17 an unknown CA fails TLS")
    void anUnknownCaIsNotTrusted() throws Exception {
        try (var vendor = vendor("vendor", FakeVendor::answerAll);
                var bed = new TestBed(VendorOptions.defaults().withTls(tls))) {
            Fault fault = assertTlsFault("certification path", bed.call(localhost(vendor)));
            assertTrue(
                    fault.message().startsWith("no connection to acme (localhost:"),
                    fault.message());
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    @DisplayName("F17 a certificate of another host fails TLS")
    void aCertificateOfAnotherHostIsNotTrusted() throws Exception {
        try (var vendor = vendor("other", FakeVendor::answerAll);
                var bed = trusting()) {
            assertTlsFault("localhost", bed.call(localhost(vendor)));
        }
    }

    @Test
    void aServerWithoutTlsFailsTls() throws Exception {
        try (var vendor = FakeVendor.plain(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
                var bed = trusting()) {
            assertTlsFault("", bed.call(localhost(vendor)));
        }
    }

    @Test
    void aServerThatHangsUpFailsTls() throws Exception {
        try (var vendor = FakeVendor.plain(peer -> peer.in().read());
                var bed = trusting()) {
            assertTlsFault("closed", bed.call(localhost(vendor)));
        }
    }

    @Test
    void aSessionIsResumed() throws Exception {
        var ids = new CopyOnWriteArrayList<Long>();
        try (var vendor =
                        vendor(
                                "vendor",
                                peer -> {
                                    ids.add(
                                            ((SSLSocket) peer.socket())
                                                    .getSession()
                                                    .getCreationTime());
                                    peer.read();
                                    peer.answer("x", "connection: close");
                                });
                var bed = trusting()) {
            for (int i = 0; i < 3; i++) {
                bed.call(localhost(vendor)).text();
            }
            assertEquals(3, ids.size());
            assertEquals(ids.get(0), ids.get(1));
        }
    }

    @Test
    @DisplayName("an answer that ends with the connection must end with TLS's farewell")
    void anAnswerWithoutLengthMustEndInGoodOrder() throws Exception {
        try (var vendor =
                        vendor(
                                "vendor",
                                peer -> {
                                    peer.read();
                                    peer.send(FakeVendor.okHead("connection: close") + "all of it");
                                    if (peer.number() == 1) {
                                        peer.socket().close();
                                    } else {
                                        peer.raw().close();
                                    }
                                });
                var bed = trusting()) {
            assertEquals("all of it", bed.call(localhost(vendor)).text());
            Fault fault = bed.call(localhost(vendor)).fault();
            assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault.kind());
            assertTrue(fault.message().contains("without closing TLS"), fault.message());
        }
    }

    @Test
    void aLargeRequestAndAnswerGoThrough() throws Exception {
        String big = "0123456789abcdef".repeat(50_000);
        try (var vendor = vendor("vendor", peer -> peer.answer(peer.read().body()));
                var bed = trusting()) {
            var request = TestBed.request(TestBed.endpoint(localhost(vendor)), big);
            assertEquals(big, bed.call(request).text());
        }
    }

    @Test
    void aPausedCallHoldsTheVendorBackAndACancelledOneHangsUp() throws Exception {
        try (var vendor =
                        vendor(
                                "vendor",
                                peer -> {
                                    peer.read();
                                    peer.send(FakeVendor.okHead("content-length: 999999999"));
                                    try {
                                        while (true) {
                                            peer.send("x".repeat(16 << 10));
                                        }
                                    } catch (IOException e) {
                                        peer.awaitClosed();
                                    }
                                });
                var bed = trusting()) {
            var recorder = new Recorder(bed).onBody(r -> r.call.pause());
            var call =
                    bed.call(TestBed.request(TestBed.endpoint(localhost(vendor)), "{}"), recorder);
            Recorder.await(call.body);
            long held = call.bytes();
            bed.awaitOnLoop(() -> vendor.isStuck());
            assertTrue(call.bytes() <= held + (32 << 10), "received while paused");
            call.cancel();
            vendor.awaitClosing();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    void aCaFileThatHoldsNoneIsRefusedAtOnce() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        Path broken =
                Files.writeString(
                        folder.resolve("broken.pem"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        for (Path file : new Path[] {empty, broken, folder.resolve("none.pem")}) {
            var options = VendorOptions.defaults().withTls(tls).withCaFile(file);
            var e = assertThrows(IllegalArgumentException.class, () -> new NettyVendors(options));
            assertNotNull(e.getMessage());
            assertTrue(e.getMessage().startsWith("CA file " + file + ": "), e.getMessage());
        }
    }
}
