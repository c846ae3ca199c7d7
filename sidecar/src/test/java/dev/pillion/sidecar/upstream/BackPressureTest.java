package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.FaultKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "epoll {0}")
@ValueSource(booleans = {true, false})
class BackPressureTest {
    private static final int TOTAL = 64 << 20;
    @Parameter boolean epoll;

    private static void sendAll(FakeVendor.Peer peer, CountDownLatch sent) throws IOException {
        peer.read();
        peer.send(FakeVendor.okHead("content-length: " + TOTAL));
        String block = "x".repeat(64 << 10);
        for (int i = 0; i < TOTAL / block.length(); i++) {
            peer.send(block);
        }
        sent.countDown();
    }

    private static Recorder pausedAtFirst(TestBed bed) {
        var first = new boolean[] {true};
        return new Recorder(bed)
                .onBody(recorder -> {
                    if (first[0]) {
                        first[0] = false;
                        recorder.call.pause();
                    }
                });
    }

    private static void resume(TestBed bed, Recorder call) {
        bed.onLoop(() -> {
            call.call.resume();
            return true;
        });
    }

    @Test
    void aPausedCallHoldsTheVendorBack() throws Exception {
        var sent = new CountDownLatch(1);
        try (var vendor = FakeVendor.plain(peer -> sendAll(peer, sent));
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}"), pausedAtFirst(bed));
            Recorder.await(call.body);
            bed.awaitOnLoop(vendor::isStuck);
            assertEquals(1, sent.getCount());
            long held = call.bytes();
            assertTrue(held <= 64 << 10, "received while paused: " + held);
            resume(bed, call);
            call.text();
            assertEquals(TOTAL, call.bytes());
        }
    }

    @Test
    void noTimeRunsWhilePaused() throws Exception {
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("content-length: 10") + "half");
                            peer.awaitClosed();
                        });
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            var endpoint = TestBed.endpoint(vendor.base());
            var idle = Duration.ofMillis(100); // half of what isStuck waits for
            var request = TestBed.request(endpoint, "{}", TestBed.LONG, idle);
            var call = bed.call(request, pausedAtFirst(bed));
            Recorder.await(call.body);
            bed.awaitOnLoop(vendor::isStuck);
            assertFalse(call.isOver());
            resume(bed, call);
            assertEquals(FaultKind.TIMEOUT, call.fault().kind());
        }
    }

    @Test
    @DisplayName("an answer that ended while paused is handed on whole afterwards")
    void anAnswerThatEndedWhilePausedIsWhole() throws Exception {
        var closed = new CountDownLatch(1);
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            peer.read();
                            peer.send(FakeVendor.okHead("connection: close"));
                            peer.send("y".repeat(200_000));
                            peer.raw().shutdownOutput();
                            closed.countDown();
                            peer.awaitClosed();
                        });
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}"), pausedAtFirst(bed));
            Recorder.await(call.body);
            closed.await();
            resume(bed, call);
            assertEquals(200_000, call.text().length());
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    @Test
    void whatUnpacksToMuchIsHandedOnOnlyAsFarAsItIsWanted() throws Exception {
        byte[] packed = gzip("z".repeat(4 << 20));
        try (var vendor =
                        FakeVendor.plain(peer -> {
                            while (peer.read() != null) {
                                peer.send(
                                        FakeVendor.okHead(
                                                "content-length: " + packed.length,
                                                "content-encoding: gzip"));
                                peer.out().write(packed);
                            }
                        });
                var bed = new TestBed(VendorOptions.defaults(), epoll)) {
            var endpoint = TestBed.endpoint(vendor.base());
            var call = bed.call(TestBed.request(endpoint, "{}"), pausedAtFirst(bed));
            Recorder.await(call.body);
            assertEquals(16 << 10, call.bytes());
            assertEquals(null, call.headers().get("content-encoding"));
            resume(bed, call);
            call.text();
            assertEquals(4 << 20, call.bytes());
        }
    }
}
