package dev.pillion.sidecar.telemetry;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * What this process holds of the machine, as Linux tells it; empty elsewhere. Each look reads a
 * file or a directory of {@code /proc}, some microseconds.
 */
public final class OwnProcess {
    private static final File STATUS = new File("/proc/self/status");
    private static final File DESCRIPTORS = new File("/proc/self/fd");
    private static final int MAX_LINES = 200;
    private static final long KIB = 1024;

    private OwnProcess() {}

    /** The Java heap in use, garbage that is not yet collected among it. */
    public static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Resident memory, shared pages of files among it. */
    public static OptionalLong residentBytes() {
        OptionalLong kib = status("VmRSS:");
        return kib.isPresent() ? OptionalLong.of(kib.getAsLong() * KIB) : kib;
    }

    /** Threads of the system, the JVM's own among them; virtual ones are none. */
    public static OptionalLong threads() {
        return status("Threads:");
    }

    /** Files, sockets and whatever else is open. */
    public static OptionalLong descriptors() {
        String[] open = DESCRIPTORS.list();
        return open == null
                ? OptionalLong.empty()
                : OptionalLong.of(open.length - 1L); // not this look
    }

    private static OptionalLong status(String name) {
        try (var lines = new BufferedReader(new FileReader(STATUS, StandardCharsets.US_ASCII))) {
            for (int i = 0; i < MAX_LINES; i++) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                if (line.startsWith(name)) {
                    String number = line.substring(name.length()).replace("kB", "").strip();
                    return OptionalLong.of(Long.parseLong(number));
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty(); // no /proc: what it would say is left out
        }
        return OptionalLong.empty();
    }
}
