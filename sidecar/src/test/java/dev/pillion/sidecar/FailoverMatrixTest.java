package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.ErrorEvent;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Misbehaviour.Status;
import dev.pillion.sidecar.simulate.Simulator;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every vendor with every fault before content, on every surface, of a class that has others too.
 */
@Tag("slow")
class FailoverMatrixTest {
    private static final Map<String, String> MODELS =
            Map.of(
                    "anthropic", "anthropic/claude-sonnet-5-5",
                    "openai", "openai/gpt-6.1-terra",
                    "gemini", "gemini/gemini-4-hydrogen",
                    "xai", "xai/grok-4.6");

    /** All that can be armed at a simulated vendor, by its name in the report. */
    private static Map<String, Misbehaviour> faults() {
        Map<String, Misbehaviour> faults = new LinkedHashMap<>();
        for (int status : new int[] {500, 502, 503, 529, 401, 403}) {
            faults.put("status " + status, new Status(status));
        }
        for (RetryHint hint : RetryHint.values()) {
            faults.put("429 " + hint, new Status(429, hint, Duration.ofSeconds(1), false));
        }
        faults.put("502 of a proxy", new Status(502, RetryHint.NONE, Duration.ZERO, true));
        faults.put("reset before the header", new Break(-1, How.RESET));
        faults.put("close before the header", new Break(-1, How.CLOSE));
        faults.put("reset after the header", new Break(0, How.RESET));
        faults.put("close after the header", new Break(0, How.CLOSE));
        faults.put("hang before the header", new Break(-1, How.HANG));
        faults.put("hang after the header", new Break(0, How.HANG));
        faults.put("overloaded inside 200", new ErrorEvent(0, 529));
        faults.put("no HTTP", new Misbehaviour.GarbageHttp());
        faults.put("empty body", new Misbehaviour.EmptyBody());
        return faults;
    }

    private static String config(String first) {
        var order = new StringBuilder(MODELS.get(first));
        MODELS.keySet().stream()
                .sorted()
                .filter(name -> !name.equals(first))
                .forEach(name -> order.append(", ").append(MODELS.get(name)));
        return TestSidecar.FOUR
                        .replaceAll("first_byte(_unstreamed)?: 2s", "first_byte$1: 400ms")
                        .replaceAll("idle: 2s", "idle: 400ms")
                + "routing: {classes: {balanced: {order: ["
                + order
                + "]}}}\n";
    }

    private static Simulator vendor(TestSidecar bed, String name) {
        return switch (name) {
            case "anthropic" -> bed.anthropic;
            case "openai" -> bed.openai;
            case "gemini" -> bed.gemini;
            default -> bed.xai;
        };
    }

    private static Stream<Way> surfaces() {
        return Stream.of(Way.values()).filter(Way::streams);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai", "gemini", "xai"})
    @DisplayName("F13 F14 F17 F19 F20: what fails before content is answered by another vendor")
    void whatFailsBeforeContentIsAnsweredElsewhere(String name) throws Exception {
        try (TestSidecar bed = TestSidecar.start(config(name))) {
            int cells = 0;
            for (Map.Entry<String, Misbehaviour> fault : faults().entrySet()) {
                vendor(bed, name).faults().always(fault.getValue());
                cells += everywhere(bed, name, fault.getKey(), true);
                vendor(bed, name).faults().clear();
            }
            vendor(bed, name).faults().refuse();
            cells += everywhere(bed, name, "connection refused", false);
            System.out.println(
                    "failover: " + name + ": " + cells + " of " + cells + " cells clean");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai", "gemini", "xai"})
    @DisplayName("F17: a vendor without TLS where TLS is due is passed by")
    void aVendorWithoutTlsIsPassedBy(String name) throws Exception {
        try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread closing = Thread.ofVirtual().start(() -> closeAll(plain));
            String config =
                    config(name)
                            .replaceFirst(
                                    "(" + name + ": \\{base_url: )\"%s\"",
                                    "$1\"https://127.0.0.1:" + plain.getLocalPort() + "%.0s\"");
            try (TestSidecar bed = TestSidecar.start(config)) {
                everywhere(bed, name, "no TLS", false);
            }
            closing.interrupt();
        }
    }

    /** A server that answers a handshake by closing. */
    private static void closeAll(ServerSocket plain) {
        try {
            while (!plain.isClosed()) {
                plain.accept().close();
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private static int everywhere(TestSidecar bed, String bad, String fault, boolean seen)
            throws Exception {
        int cells = 0;
        for (Way way : surfaces().toList()) {
            for (boolean stream : List.of(false, true)) {
                bed.sidecar.health().forget();
                long before = vendor(bed, bad).log().requestCount();
                String cell = bad + ": " + fault + ", " + way + (stream ? ", streamed" : "");
                String text = "needle" + cells;
                HttpResponse<String> answer =
                        bed.post(
                                way.path("class:balanced", stream),
                                way.body("class:balanced", text, stream));
                assertEquals(200, answer.statusCode(), cell + ": " + answer.body());
                String served = answer.headers().firstValue("x-pillion-provider").orElse("");
                assertNotEquals(bad, served, cell);
                assertTrue(answer.body().contains(text), cell + ": " + answer.body());
                assertFalse(answer.body().contains("\"error\":{"), cell + ": " + answer.body());
                if (seen) {
                    assertTrue(vendor(bed, bad).log().requestCount() > before, cell);
                }
                cells++;
            }
        }
        return cells;
    }
}
