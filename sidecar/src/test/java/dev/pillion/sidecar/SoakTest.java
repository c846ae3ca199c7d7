package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of {@code sidecar/bench/soak}, against the classes as they are. */
@Tag("slow")
class SoakTest {
    private static final int WARM_UP = Integer.getInteger("pillion.soak.warmup", 4_000);
    private static final int REQUESTS = Integer.getInteger("pillion.soak.requests", 16_000);
    private static final long SEED = 20261123;

    @Test
    @DisplayName("F1: mixed requests, clients that leave, faults and reloads leave nothing behind")
    void everythingReturnsToWhereItWas() throws Exception {
        List<String> command = new ArrayList<>(Daemon.java());
        command.addAll(1, Soak.JVM_FLAGS);
        command.addAll(command.indexOf("-Xmx256m") + 1, daemonFlags());
        SoakReport report = Soak.run(new Soak.Plan(command, Map.of(), WARM_UP, REQUESTS, SEED));
        System.out.print(report.text());
        assertEquals(List.of(), report.problems());
    }

    /** What the launcher gives a daemon's JVM. */
    private static List<String> daemonFlags() throws IOException {
        String launcher = Files.readString(Path.of("bin", "pillion"));
        Matcher flags = Pattern.compile("(?m)^daemon=\"([^\"]+)\"").matcher(launcher);
        assertTrue(flags.find(), launcher);
        return List.of(flags.group(1).strip().split("\\s+", -1));
    }
}
