package dev.pillion.bench;

import dev.pillion.bench.Result.Who;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts Pillion under the load of one case, and tells where its CPU time goes. */
final class Profile {
    private static final int LIMIT = 12;

    /** CPU-time samples of Java threads, those in native code among them (JDK 25, Linux). */
    private static final String SETTINGS =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.CPUTimeSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">2ms</setting>
                <setting name="stackTrace">true</setting>
              </event>
              <event name="jdk.CPUTimeSamplesLost"><setting name="enabled">true</setting></event>
              <event name="jdk.ObjectAllocationSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">300/s</setting>
                <setting name="stackTrace">true</setting>
              </event>
            </configuration>
            """;

    private final Options options;
    private final Workshop workshop;
    private final Slot slot;
    private final StringBuilder out = new StringBuilder();

    private Profile(Options options, Workshop workshop, Slot slot) {
        this.options = options;
        this.workshop = workshop;
        this.slot = slot;
    }

    static int run(Options options) throws IOException, InterruptedException {
        var slots = Slot.all().stream().filter(options::wants).toList();
        var slot = options.only().isEmpty() ? Slot.all().getFirst() : slots.getFirst();
        try (var workshop = new Workshop(options, false)) {
            workshop.probe(slot);
            var profile = new Profile(options, workshop, slot);
            profile.measure();
            System.out.print(profile.out);
            return 0;
        }
    }

    private void measure() throws IOException, InterruptedException {
        Path settings = workshop.dir().resolve("profile.jfc");
        Path recording = workshop.dir().resolve("profile.jfr");
        Files.writeString(settings, SETTINGS);
        int pid = javaPid();
        try (var load = workshop.load(Who.RIVAL, slot, options.connections())) {
            load.start();
            Bench.say("warm-up " + slot.label());
            WarmUp.await(workshop.rival().tree(), options.warmupSeconds());
            Bench.say("sampling for " + options.seconds() + " s");
            jcmd(pid, "JFR.start", "name=bench", "settings=" + settings);
            long completed = load.completed();
            var threads = workshop.rival().tree().threads();
            var cpu = workshop.rival().tree().cpu();
            Thread.sleep(options.seconds() * 1000L);
            double requests = load.completed() - completed;
            cpu = workshop.rival().tree().cpu().minus(cpu);
            var threadsAfter = workshop.rival().tree().threads();
            jcmd(pid, "JFR.dump", "name=bench", "filename=" + recording);
            load.stop();
            if (!options.recording().isEmpty()) {
                Files.copy(
                        recording,
                        Path.of(options.recording()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            if (load.errors() > 0) {
                throw new IOException("errors under load: " + load.problems());
            }
            head(requests, cpu);
            threads(threads, threadsAfter, requests);
            samples(Samples.read(recording), requests);
        }
    }

    private void head(double requests, ProcessTree.Cpu cpu) {
        line(
                "%s, %d connections, %.0f requests in %d s, sampled with JFR's CPU-time sampler",
                slot.label(), options.connections(), requests, options.seconds());
        line(
                "CPU per request: %.1f us, of it user %.1f us and system (kernel) %.1f us",
                cpu.total() * 1e6 / requests,
                cpu.user() * 1e6 / requests,
                cpu.system() * 1e6 / requests);
    }

    private void threads(
            Map<String, ProcessTree.Cpu> before,
            Map<String, ProcessTree.Cpu> after,
            double requests) {
        line("");
        line("CPU by thread, microseconds a request");
        line("%-28s %9s %9s %9s", "thread", "total", "user", "system");
        after.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), since(before, e.getKey(), e.getValue())))
                .filter(e -> e.getValue().total() > 0)
                .sorted(Comparator.comparingDouble(e -> -e.getValue().total()))
                .limit(LIMIT)
                .forEach(
                        e ->
                                line(
                                        "%-28s %9.2f %9.2f %9.2f",
                                        e.getKey(),
                                        e.getValue().total() * 1e6 / requests,
                                        e.getValue().user() * 1e6 / requests,
                                        e.getValue().system() * 1e6 / requests));
    }

    private static ProcessTree.Cpu since(
            Map<String, ProcessTree.Cpu> before, String name, ProcessTree.Cpu now) {
        return now.minus(before.getOrDefault(name, new ProcessTree.Cpu(0, 0)));
    }

    private void samples(Samples samples, double requests) {
        line("");
        line(
                "%d samples of Java threads (%d without a stack, %d lost)",
                samples.count(), samples.failed(), samples.lost());
        table("By what was running", samples.byKind());
        table("By the Pillion package on whose behalf (nearest in the stack)", samples.byPackage());
        table("By the Pillion method on whose behalf", samples.byOurMethod());
        shares(
                "By every Pillion method in the stack",
                samples.byAnyMethod(),
                samples.count() - samples.failed());
        table("By the frame on top", samples.byTop());
        bytes("Bytes allocated, by the Pillion method", samples.bytesByOurMethod(), requests);
        bytes("Bytes allocated, by class", samples.bytesByClass(), requests);
    }

    private void bytes(String title, Map<String, Long> counts, double requests) {
        double all = counts.values().stream().mapToLong(Long::longValue).sum();
        line("");
        line("%s (%.0f a request)", title, all / requests);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(options.top())
                .forEach(e -> line("%8.0f  %s", e.getValue() / requests, e.getKey()));
    }

    private void table(String title, Map<String, Long> counts) {
        shares(title, counts, counts.values().stream().mapToLong(Long::longValue).sum());
    }

    private void shares(String title, Map<String, Long> counts, double all) {
        line("");
        line("%s", title);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(options.top())
                .forEach(e -> line("%6.1f %%  %s", 100 * e.getValue() / all, e.getKey()));
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    /** The one of the tree that is a JVM. */
    private int javaPid() throws IOException {
        for (int pid : workshop.rival().tree().pids()) {
            if (Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals("java")) {
                return pid;
            }
        }
        throw new IOException("no JVM among Pillion's processes");
    }

    private static void jcmd(int pid, String... words) throws IOException, InterruptedException {
        String jcmd = System.getProperty("bench.jdk") + "/bin/jcmd";
        var command = new java.util.ArrayList<>(List.of(jcmd, Integer.toString(pid)));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] answer = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "the JVM cannot be recorded (has its runtime the module jdk.jfr?): "
                            + new String(answer, StandardCharsets.UTF_8).strip());
        }
    }
}
