package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "epoll {0}")
@ValueSource(booleans = {true, false})
@DisplayName("F7 a cancelled call closes its connection at once, in any phase")
class CancelTest {
    @Parameter boolean epoll;

    private TestBed bed() {
        return new TestBed(VendorOptions.defaults(), epoll);
    }

    private static void assertCancelled(TestBed bed, Recorder call) {
        call.cancel();
        bed.awaitOnLoop(() -> bed.counts().open() == 0);
        call.cancel(); // once more does nothing
        assertFalse(call.isOver(), "nothing is told after a cancel");
    }

    @Test
    void whileTheNameIsLookedUp() throws Exception {
        try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var server = (InetSocketAddress) silent.getLocalSocketAddress();
            var options = VendorOptions.defaults().withNameServers(List.of(server));
            try (var bed = new TestBed(options, epoll)) {
                var call = bed.call(URI.create("http://vendor.test"));
                bed.awaitOnLoop(() -> bed.counts().open() == 1);
                assertCancelled(bed, call);
            }
        }
    }

    @Test
    void whileConnecting() throws Exception {
        try (var full = new TimeoutTest.FullBacklog();
                var bed = bed()) {
            var call = bed.call(full.base());
            bed.awaitOnLoop(() -> bed.counts().open() == 1);
            assertCancelled(bed, call);
        }
    }

    @Test
    void withinTheTlsHandshake() throws Exception {
        var hello = new CountDownLatch(1);
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.in().read();
                            hello.countDown();
                            peer.awaitClosed();
                        });
                var bed = bed()) {
            var call = bed.call(URI.create("https://127.0.0.1:" + vendor.port()));
            hello.await();
            assertCancelled(bed, call);
            vendor.awaitClosing();
        }
    }

    @Test
    void whileTheRequestIsBeingSent() throws Exception {
        var go = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.in().read();
                            begun.countDown();
                            go.await();
                            peer.awaitClosed();
                        });
                var bed = bed()) {
            var request = TestBed.request(TestBed.endpoint(vendor.base()), "x".repeat(32 << 20));
            var call = bed.call(request);
            begun.await();
            assertCancelled(bed, call);
            go.countDown();
            vendor.awaitClosing();
        }
    }

    @Test
    @DisplayName("F7 also before the first byte of the answer")
    void whileWaitingForTheAnswer() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.awaitClosed();
                        });
                var bed = bed()) {
            var call = bed.call(vendor.base());
            vendor.awaitRequest();
            assertCancelled(bed, call);
            vendor.awaitClosing();
        }
    }

    @Test
    void withinTheAnswer() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 10") + "half");
                            peer.awaitClosed();
                        });
                var bed = bed()) {
            var call = bed.call(vendor.base());
            Recorder.await(call.body);
            assertCancelled(bed, call);
            vendor.awaitClosing();
        }
    }

    @Test
    void fromWithinTheCallback() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("transfer-encoding: chunked"));
                            peer.send("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n");
                            peer.awaitClosed();
                        });
                var bed = bed()) {
            var recorder = new Recorder(bed).onBody(r -> r.call.cancel());
            bed.call(TestBed.request(TestBed.endpoint(vendor.base()), "{}"), recorder);
            vendor.awaitClosing();
            bed.awaitOnLoop(() -> bed.counts().open() == 0);
            assertEquals(1, recorder.bytes());
            assertFalse(recorder.isOver());
        }
    }

    @Test
    void afterACompleteAnswerTheConnectionStays() throws Exception {
        try (var vendor = FakeVendor.polite();
                var bed = bed()) {
            var call = bed.call(vendor.base());
            call.text();
            call.cancel();
            bed.awaitOnLoop(() -> bed.counts().idle() == 1);
            assertEquals("connection 1", bed.call(vendor.base()).text());
        }
    }
}
