package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the daemon holds when nobody asks anything of it, and every connection to a vendor has been
 * closed by the vendor.
 *
 * @param heapBytes objects alive after a full collection
 * @param instances by class
 * @param bytes by class
 * @param nativeKib what the JVM counts outside its heap, by what it is for; committed
 * @param threads by name
 */
record SoakState(
        long inflight,
        long bodyBytes,
        long clientConnections,
        long vendorConnections,
        long vendorsSeeOpen,
        BigDecimal reservedUsd,
        long heapBytes,
        Map<String, Long> instances,
        Map<String, Long> bytes,
        long directUsedBytes,
        long directBytes,
        Map<String, Long> nativeKib,
        Map<String, Integer> files,
        Map<String, Integer> threads,
        long residentBytes) {
    /** As long as the slowest answer may take: a deadline for what never ends, not a bound. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Longer than the launcher's {@code TrimNativeHeapInterval}. */
    private static final Duration REST = Duration.ofSeconds(7);

    private static final Pattern CLASS =
            Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    /** What a collection leaves lying between objects, up to 5 % of the heap, is not alive. */
    private static final String GAPS = "jdk.internal.vm.Filler";

    private static final Pattern NATIVE =
            Pattern.compile("-\\s+(.+?) \\(reserved=\\d+KB, committed=(\\d+)KB.*");

    /** Waits until all is closed, closes the vendors' connections, rests, and looks. */
    static SoakState take(SoakDaemon daemon, SoakVendors vendors)
            throws IOException, InterruptedException {
        vendors.mend();
        daemon.await("nothing is in flight", PATIENCE, SoakState::isIdle);
        vendors.hangUp();
        daemon.await(
                "the vendors' connections are gone",
                PATIENCE,
                each ->
                        each.metric("pillion_vendor_connections") == 0
                                && vendors.openConnections() == 0);
        Thread.sleep(REST);
        daemon.jcmd("GC.run"); // what only references' handlers free is free for the next one
        List<String> histogram = daemon.jcmd("GC.class_histogram");
        Map<String, Long> instances = new TreeMap<>();
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : histogram) {
            Matcher row = CLASS.matcher(line);
            if (row.matches() && !row.group(3).contains(GAPS)) {
                instances.merge(row.group(3), Long.parseLong(row.group(1)), Long::sum);
                bytes.merge(row.group(3), Long.parseLong(row.group(2)), Long::sum);
            }
        }
        long heapBytes = bytes.values().stream().mapToLong(Long::longValue).sum();
        String metrics = daemon.probe("/metrics");
        return new SoakState(
                metric(metrics, "inflight"),
                metric(metrics, "body_bytes"),
                metric(metrics, "client_connections"),
                metric(metrics, "vendor_connections"),
                vendors.openConnections(),
                reserved(daemon.adminJson("GET /limits")),
                heapBytes,
                instances,
                bytes,
                metric(metrics, "direct_memory_used_bytes"),
                metric(metrics, "direct_memory_bytes"),
                nativeKib(daemon.jcmd("VM.native_memory", "summary")),
                new TreeMap<>(daemon.openFiles()),
                new TreeMap<>(daemon.threads()),
                metric(metrics, "resident_bytes"));
    }

    private static boolean isIdle(SoakDaemon daemon) {
        String metrics = daemon.probe("/metrics");
        return metrics.contains(" 200 ")
                && metric(metrics, "inflight") <= 1 // this look
                && metric(metrics, "body_bytes") == 0
                && metric(metrics, "client_connections") <= 1;
    }

    private static long metric(String metrics, String name) {
        return SoakDaemon.metric(metrics, "pillion_" + name, "");
    }

    private static BigDecimal reserved(JsonNode limits) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode row : limits.path("callers")) {
            sum = sum.add(new BigDecimal(row.path("reserved_usd").asText()));
        }
        return sum;
    }

    private static Map<String, Long> nativeKib(List<String> lines) {
        Map<String, Long> kib = new TreeMap<>();
        for (String line : lines) {
            Matcher row = NATIVE.matcher(line.strip());
            if (row.matches()) {
                kib.put(row.group(1).strip(), Long.parseLong(row.group(2)));
            }
        }
        return kib;
    }

    long descriptors() {
        return files.values().stream().mapToLong(Integer::longValue).sum();
    }
}
