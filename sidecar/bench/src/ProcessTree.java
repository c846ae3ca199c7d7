package dev.pillion.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A process and all its descendants, as {@code /proc} tells of them. */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final double TICKS_PER_SECOND = ticksPerSecond();

    /** CPU seconds used so far. */
    record Cpu(double user, double system) {
        double total() {
            return user + system;
        }

        Cpu minus(Cpu before) {
            return new Cpu(user - before.user, system - before.system);
        }

        Cpu plus(Cpu other) {
            return new Cpu(user + other.user, system + other.system);
        }
    }

    /** Kilobytes; the peak is the sum of each process's own peak. */
    record Memory(long residentKb, long proportionalKb, long peakKb) {}

    private record Stat(int pid, int parent, Cpu own, Cpu reaped) {}

    private final int root;

    ProcessTree(long pid) {
        root = (int) pid;
    }

    /** User and system time of the tree, with the children it has already waited for. */
    Cpu cpu() throws IOException {
        Cpu sum = new Cpu(0, 0);
        for (var stat : members()) {
            sum = sum.plus(stat.own).plus(stat.reaped);
        }
        return sum;
    }

    List<Integer> pids() throws IOException {
        return members().stream().map(Stat::pid).toList();
    }

    Memory memory() throws IOException {
        long resident = 0;
        long proportional = 0;
        long peak = 0;
        for (int pid : pids()) {
            Path dir = PROC.resolve(Integer.toString(pid));
            resident += kilobytes(dir.resolve("status"), "VmRSS:");
            peak += kilobytes(dir.resolve("status"), "VmHWM:");
            proportional += kilobytes(dir.resolve("smaps_rollup"), "Pss:");
        }
        return new Memory(resident, proportional, peak);
    }

    /** CPU of each thread name over all processes of the tree; threads that ended are missing. */
    Map<String, Cpu> threads() throws IOException {
        var threads = new TreeMap<String, Cpu>();
        for (int pid : pids()) {
            Path tasks = PROC.resolve(pid + "/task");
            try (var entries = Files.newDirectoryStream(tasks)) {
                for (var task : entries) {
                    String stat = read(task.resolve("stat"));
                    if (!stat.isEmpty()) {
                        threads.merge(name(stat), parse(stat).own, Cpu::plus);
                    }
                }
            }
        }
        return threads;
    }

    /** CPU seconds that the whole machine has used so far, idle and waiting left out. */
    static double machine() throws IOException {
        String[] fields = read(PROC.resolve("stat")).lines().findFirst().orElse("").split(" +");
        double busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) { // user nice system irq softirq
            busy += Double.parseDouble(fields[i]);
        }
        return busy / TICKS_PER_SECOND;
    }

    private List<Stat> members() throws IOException {
        var children = new HashMap<Integer, List<Stat>>();
        var members = new ArrayList<Stat>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                String text = read(entry.resolve("stat"));
                if (!text.isEmpty()) {
                    Stat stat = parse(text);
                    children.computeIfAbsent(stat.parent, p -> new ArrayList<>()).add(stat);
                    if (stat.pid == root) {
                        members.add(stat);
                    }
                }
            }
        }
        for (int i = 0; i < members.size(); i++) {
            members.addAll(children.getOrDefault(members.get(i).pid, List.of()));
        }
        if (members.isEmpty()) {
            throw new IOException("process " + root + " has ended");
        }
        return members;
    }

    private static String name(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    private static Stat parse(String stat) {
        int pid = Integer.parseInt(stat.substring(0, stat.indexOf(' ')));
        String[] f = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // f[0] is field 3
        return new Stat(
                pid,
                Integer.parseInt(f[1]),
                new Cpu(seconds(f[11]), seconds(f[12])),
                new Cpu(seconds(f[13]), seconds(f[14])));
    }

    private static double seconds(String ticks) {
        return Long.parseLong(ticks) / TICKS_PER_SECOND;
    }

    private static long kilobytes(Path file, String field) throws IOException {
        return read(file)
                .lines()
                .filter(l -> l.startsWith(field))
                .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** The file's text, or none where its process has just ended. */
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (!Files.exists(file) || String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw e;
        }
    }

    private static double ticksPerSecond() {
        try {
            var getconf = new ProcessBuilder("getconf", "CLK_TCK").start();
            String answer = new String(getconf.getInputStream().readAllBytes()).strip();
            return Double.parseDouble(answer);
        } catch (IOException e) {
            return 100; // every Linux in use
        }
    }
}
