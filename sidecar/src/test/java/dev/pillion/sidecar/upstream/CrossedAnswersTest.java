package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.fault.FaultKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("F3 among calls that go wrong in every way, each hears its own answer or one fault")
class CrossedAnswersTest {
    private static final int CALLS = 600;
    private static final int AT_ONCE = 30;

    /** What the vendor does with one request; its name is in the request. */
    private enum Way {
        PLAIN,
        CHUNKED,
        UNTIL_CLOSED,
        SURPLUS,
        CLOSE_AFTER,
        RESET_AT_ONCE,
        RESET_WITHIN,
        CUT,
        GARBAGE,
        SILENT,
        CANCELLED,
        PAUSED
    }

    private record Sent(Way way, int number, Recorder call) {
        String answer() {
            return "answer to " + number + " " + "x".repeat(number * 37 % 5000);
        }
    }

    private static void answer(FakeVendor.Peer peer) throws IOException {
        for (var request = peer.read(); request != null; request = peer.read()) {
            String[] words = request.body().split(" ", 2);
            int number = Integer.parseInt(words[1]);
            answer(peer, Way.valueOf(words[0]), new Sent(Way.PLAIN, number, null).answer());
        }
    }

    private static void answer(FakeVendor.Peer peer, Way way, String text) throws IOException {
        int half = text.length() / 2;
        switch (way) {
            case PLAIN, PAUSED -> peer.answer(text);
            case CHUNKED -> {
                peer.send(FakeVendor.okHead("transfer-encoding: chunked"));
                peer.send(chunk(text.substring(0, half)));
                peer.send(chunk(text.substring(half)) + "0\r\n\r\n");
            }
            case UNTIL_CLOSED -> {
                peer.send(FakeVendor.okHead("x: y") + text);
                peer.socket().close();
            }
            case SURPLUS ->
                    peer.send(FakeVendor.okHead("content-length: " + text.length()) + text + text);
            case CLOSE_AFTER -> {
                peer.answer(text);
                peer.socket().close();
            }
            case RESET_AT_ONCE -> peer.reset();
            case RESET_WITHIN -> {
                peer.send(FakeVendor.okHead("content-length: 9999"));
                peer.reset();
            }
            case CUT -> {
                peer.send(FakeVendor.okHead("content-length: 99999") + text);
                peer.socket().close();
            }
            case GARBAGE -> peer.send("crossed");
            case SILENT, CANCELLED -> peer.awaitClosed();
        }
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static Recorder recorder(TestBed bed, Way way) {
        var recorder = new Recorder(bed);
        if (way == Way.PAUSED) {
            recorder.onBody(r -> {
                r.call.pause();
                bed.later(() -> r.call.resume());
            });
        }
        return recorder;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eachCallHearsItsOwnAnswerOrOneFault(long seed) throws Exception {
        var random = new Random(seed);
        Map<Way, Integer> faults = new EnumMap<>(Way.class);
        try (var vendor = FakeVendor.plain(CrossedAnswersTest::answer);
                var bed = new TestBed(VendorOptions.defaults(), seed != 2)) {
            var endpoint = TestBed.endpoint(vendor.base());
            for (int i = 0; i < CALLS; i += AT_ONCE) {
                List<Sent> sent = new ArrayList<>();
                for (int j = 0; j < AT_ONCE; j++) {
                    Way way = Way.values()[random.nextInt(Way.values().length)];
                    var request =
                            TestBed.request(
                                    endpoint,
                                    way + " " + (i + j),
                                    way == Way.SILENT ? Duration.ofMillis(80) : TestBed.LONG,
                                    TestBed.LONG);
                    sent.add(new Sent(way, i + j, bed.call(request, recorder(bed, way))));
                }
                sent.forEach(one -> check(one, faults));
            }
            bed.awaitOnLoop(() -> bed.counts().open() == bed.counts().idle());
            assertTrue(bed.counts().reused() > 0);
            assertTrue(vendor.accepted() < 3 * CALLS);
        }
        assertTrue(faults.keySet().containsAll(List.of(Way.RESET_AT_ONCE, Way.CUT, Way.SILENT)));
    }

    private static void check(Sent one, Map<Way, Integer> faults) {
        switch (one.way()) {
            case PLAIN, CHUNKED, UNTIL_CLOSED, SURPLUS, CLOSE_AFTER, PAUSED ->
                    assertEquals(one.answer(), one.call().text(), one.way().name());
            case RESET_AT_ONCE -> fault(one, faults, FaultKind.UNAVAILABLE);
            case SILENT -> fault(one, faults, FaultKind.TIMEOUT);
            case RESET_WITHIN -> {
                FaultKind kind = one.call().fault().kind();
                assertTrue(kind == FaultKind.UPSTREAM_PROTOCOL || kind == FaultKind.UNAVAILABLE);
            }
            case CUT, GARBAGE -> fault(one, faults, FaultKind.UPSTREAM_PROTOCOL);
            case CANCELLED -> {
                Recorder.await(one.call().sent);
                one.call().cancel();
            }
        }
    }

    private static void fault(Sent one, Map<Way, Integer> faults, FaultKind expected) {
        assertEquals(expected, one.call().fault().kind(), one.way().name());
        faults.merge(one.way(), 1, Integer::sum);
    }
}
