package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.FaultKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionReuseTest {

    @Test
    @DisplayName("F2 fifty requests one after the other take one connection")
    void requestsOneAfterTheOtherTakeOneConnection() throws Exception {
        try (var vendor = FakeVendor.polite();
                var bed = new TestBed()) {
            for (int i = 0; i < 50; i++) {
                assertEquals("connection 1", bed.call(vendor.base()).text());
                bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            }
            assertEquals(1, vendor.accepted());
            OriginCounts counts = bed.counts();
            assertEquals("http://127.0.0.1:" + vendor.port(), counts.origin());
            assertEquals(1, counts.opened());
            assertEquals(49, counts.reused());
            assertEquals(1, counts.open());
        }
    }

    @Test
    void theRequestGoesOutWithItsFramingAndWithoutOursDoubled() throws Exception {
        try (var vendor = FakeVendor.polite();
                var bed = new TestBed()) {
            String big = "x".repeat(300_000);
            var endpoint = TestBed.endpoint(vendor.base().resolve("/prefix"));
            bed.call(TestBed.request(endpoint, big)).text();
            var request = vendor.awaitRequest();
            assertEquals("POST /prefix/v1/messages HTTP/1.1", request.line());
            assertEquals("127.0.0.1:" + vendor.port(), request.header("host"));
            assertEquals("300000", request.header("content-length"));
            assertEquals("identity", request.header("accept-encoding"));
            assertEquals("canary-key", request.header("x-api-key"));
            assertEquals(5, request.fields().size());
            assertEquals(big, request.body());
        }
    }

    @Test
    @DisplayName("F3 requests at the same time never share a connection")
    void requestsAtTheSameTimeNeverShareAConnection() throws Exception {
        var all = new CountDownLatch(3);
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            var request = peer.read();
                            all.countDown();
                            all.await();
                            peer.answer(request.body());
                            peer.awaitClosed();
                        });
                var bed = new TestBed(VendorOptions.defaults().withMaxIdlePerOrigin(2))) {
            var a = bed.call(TestBed.request(TestBed.endpoint(vendor.base()), "a"));
            var b = bed.call(TestBed.request(TestBed.endpoint(vendor.base()), "b"));
            var c = bed.call(TestBed.request(TestBed.endpoint(vendor.base()), "c"));
            assertEquals("abc", a.text() + b.text() + c.text());
            vendor.awaitClosing(); // one more than may wait
            bed.awaitOnLoop(() -> bed.counts().idle() == 2 && bed.counts().open() == 2);
        }
    }

    @Test
    void aConnectionThatTheVendorClosesIsNotUsedAgain() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("connection " + peer.number(), "connection: close");
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            assertEquals("connection 1", bed.call(vendor.base()).text());
            vendor.awaitClosing();
            assertEquals("connection 2", bed.call(vendor.base()).text());
            assertEquals(0, bed.counts().reused());
        }
    }

    @Test
    void anIdleConnectionThatTheVendorClosesLeavesThePool() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("connection " + peer.number());
                        });
                var bed = new TestBed()) {
            assertEquals("connection 1", bed.call(vendor.base()).text());
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
            assertEquals("connection 2", bed.call(vendor.base()).text());
        }
    }

    @Test
    @DisplayName("F3 bytes that come unasked close the connection and reach nobody")
    void bytesThatComeUnaskedReachNobody() throws Exception {
        var go = new CountDownLatch(1);
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("connection " + peer.number());
                            if (peer.number() == 1) {
                                go.await();
                                peer.answer("not asked for");
                            }
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            assertEquals("connection 1", bed.call(vendor.base()).text());
            bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            go.countDown();
            vendor.awaitClosing();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
            assertEquals("connection 2", bed.call(vendor.base()).text());
        }
    }

    @Test
    @DisplayName("F3 bytes beyond the stated length end the connection, not the answer")
    void bytesBeyondTheStatedLengthEndTheConnection() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 4") + "fourmore");
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            assertEquals("four", bed.call(vendor.base()).text());
            vendor.awaitClosing();
            assertEquals("four", bed.call(vendor.base()).text());
            assertEquals(2, vendor.accepted());
        }
    }

    @Test
    void aStaleConnectionCostsOneMoreTryOnAFreshOne() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("connection " + peer.number());
                            if (peer.number() == 1) {
                                peer.read();
                                peer.reset();
                            }
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            assertEquals("connection 1", bed.call(vendor.base()).text());
            bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            assertEquals("connection 2", bed.call(vendor.base()).text());
            assertEquals(1, bed.counts().reused());
        }
    }

    @Test
    void onceAByteOfTheAnswerCameThereIsNoSecondTry() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("connection " + peer.number());
                            peer.read();
                            peer.send("H");
                        });
                var bed = new TestBed()) {
            bed.call(vendor.base()).text();
            bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            var fault = bed.call(vendor.base()).fault();
            assertEquals(FaultKind.UPSTREAM_PROTOCOL, fault.kind());
            assertEquals(1, vendor.accepted());
        }
    }

    @Test
    void anIdleConnectionGrowsOldAndIsClosed() throws Exception {
        var options = VendorOptions.defaults().withPoolIdle(Duration.ofMillis(50));
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("x");
                            peer.awaitClosed();
                        });
                var bed = new TestBed(options)) {
            bed.call(vendor.base()).text();
            vendor.awaitClosing();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    void theVendorsOwnKeepAliveTimeoutIsHeeded() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.answer("x", "keep-alive: timeout=1, max=100");
                            peer.awaitClosed();
                        });
                var bed = new TestBed()) {
            var call = bed.call(vendor.base());
            call.text();
            assertNull(call.headers().get("keep-alive"));
            vendor.awaitClosing();
        }
    }

    @Test
    void anAnswerInHttp10EndsWithItsConnection() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                        });
                var bed = new TestBed()) {
            assertEquals("until the end", bed.call(vendor.base()).text());
            assertEquals("until the end", bed.call(vendor.base()).text());
            assertEquals(2, vendor.accepted());
        }
    }

    @Test
    void beyondTheLimitOfConnectionsNoneIsOpened() throws Exception {
        try (var vendor = FakeVendor.plain(FakeVendor.Peer::awaitClosed);
                var bed = new TestBed(VendorOptions.defaults().withMaxOpenPerOrigin(1))) {
            var first = bed.call(vendor.base());
            var fault = bed.call(vendor.base()).fault();
            assertEquals(FaultKind.OVERLOADED, fault.kind());
            first.cancel();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
        }
    }

    @Test
    void closingFailsTheCallsAndClosesTheConnections() throws Exception {
        try (var vendor = FakeVendor.plain(FakeVendor.Peer::awaitClosed);
                var bed = new TestBed()) {
            var call = bed.call(vendor.base());
            Recorder.await(call.sent);
            bed.vendors.close();
            assertEquals(FaultKind.UNAVAILABLE, call.fault().kind());
            vendor.awaitClosing();
            var late = bed.call(vendor.base()).fault();
            assertTrue(late.message().contains("closing"), late.message());
        }
    }
}
