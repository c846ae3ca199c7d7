package dev.pillion.sidecar;

import dev.pillion.sidecar.telemetry.OwnProcess;
import dev.pillion.sidecar.telemetry.Telemetry;
import dev.pillion.sidecar.upstream.Buffers;
import dev.pillion.sidecar.upstream.OriginCounts;
import java.util.function.ToLongFunction;

/**
 * What the daemon itself holds, for {@code /metrics}: memory, descriptors, threads, connections.
 * Made when somebody asks; what this system does not tell is left out.
 */
final class OwnMetrics {
    private final Sidecar sidecar;
    private final Telemetry telemetry;

    OwnMetrics(Sidecar sidecar, Telemetry telemetry) {
        this.sidecar = sidecar;
        this.telemetry = telemetry;
    }

    void show() {
        memory();
        process();
        connections();
    }

    private void memory() {
        telemetry.gauge(
                "pillion_heap_bytes",
                "The Java heap in use, garbage not yet collected too.",
                OwnProcess::heapBytes);
        telemetry.gaugeIfTold(
                "pillion_direct_memory_bytes",
                "Memory outside the heap that is kept for bytes on their way.",
                Buffers::reservedBytes);
        telemetry.gaugeIfTold(
                "pillion_direct_memory_used_bytes", "What of it is in use.", Buffers::usedBytes);
        telemetry.gauge(
                "pillion_body_bytes",
                "Bodies in memory, of requests and of whole answers.",
                () -> sidecar.bodies().heldBytes());
    }

    private void process() {
        telemetry.gaugeIfTold(
                "pillion_resident_bytes", "Resident memory.", OwnProcess::residentBytes);
        telemetry.gaugeIfTold(
                "pillion_threads", "Threads, the JVM's own too.", OwnProcess::threads);
        telemetry.gaugeIfTold(
                "pillion_open_descriptors", "Open files and sockets.", OwnProcess::descriptors);
    }

    private void connections() {
        telemetry.gauge(
                "pillion_client_connections",
                "Connections of clients that are open, at any listener.",
                () -> sidecar.listeners().connections());
        telemetry.gauge(
                "pillion_vendor_connections",
                "Connections to vendors that are open.",
                () -> vendors(OriginCounts::open));
        telemetry.gauge(
                "pillion_vendor_connections_idle",
                "Those of them that wait for a request.",
                () -> vendors(OriginCounts::idle));
    }

    private long vendors(ToLongFunction<OriginCounts> count) {
        return sidecar.vendors().counts().stream().mapToLong(count).sum();
    }
}
