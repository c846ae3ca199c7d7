package dev.pillion.bench;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** CPU-time samples of a JFR recording, counted in several ways. */
final class Samples {
    private static final String OURS = "dev.pillion.";
    private static final String NOBODY = "(none: Netty's own loop, runtime, other threads)";

    private final Map<String, Long> kinds = new TreeMap<>();
    private final Map<String, Long> packages = new TreeMap<>();
    private final Map<String, Long> ourMethods = new TreeMap<>();
    private final Map<String, Long> below = new TreeMap<>();
    private final Map<String, Long> tops = new TreeMap<>();
    private final Map<String, Long> allocators = new TreeMap<>();
    private final Map<String, Long> allocated = new TreeMap<>();
    private final Set<Long> allocating = new HashSet<>();
    private long count;
    private long failed;
    private long lost;

    private Samples() {}

    static Samples read(Path recording) throws IOException {
        var samples = new Samples();
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                samples.add(file.readEvent());
            }
        }
        return samples;
    }

    long count() {
        return count;
    }

    long failed() {
        return failed;
    }

    long lost() {
        return lost;
    }

    Map<String, Long> byKind() {
        return kinds;
    }

    Map<String, Long> byPackage() {
        return packages;
    }

    Map<String, Long> byOurMethod() {
        return ourMethods;
    }

    /** Each sample counts for every method of ours in its stack. */
    Map<String, Long> byAnyMethod() {
        return below;
    }

    Map<String, Long> byTop() {
        return tops;
    }

    /** Bytes by the method of ours that had them allocated. */
    Map<String, Long> bytesByOurMethod() {
        return allocators;
    }

    /** Bytes by the class of what was allocated. */
    Map<String, Long> bytesByClass() {
        return allocated;
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.CPUTimeSample" -> addSample(event);
            case "jdk.ObjectAllocationSample" -> addAllocation(event);
            case "jdk.CPUTimeSamplesLost" -> lost += event.getLong("lostSamples");
            default -> {
                // what the recording says of itself
            }
        }
    }

    private void addSample(RecordedEvent event) {
        count++;
        var stack = event.getStackTrace();
        if (event.getBoolean("failed") || stack == null || stack.getFrames().isEmpty()) {
            failed++;
            return;
        }
        var frames = stack.getFrames();
        count(tops, name(frames.getFirst()));
        count(kinds, kind(frames.getFirst()));
        var ours = ours(frames);
        count(packages, ours == null ? NOBODY : packageOf(ours));
        count(ourMethods, ours == null ? NOBODY : name(ours));
        frames.stream()
                .filter(f -> type(f).startsWith(OURS))
                .map(Samples::name)
                .distinct()
                .forEach(method -> count(below, method));
    }

    /** The weight is what a thread allocated since its sample before; for its first, since ever. */
    private void addAllocation(RecordedEvent event) {
        if (allocating.add(event.getThread().getId())) {
            return;
        }
        long bytes = event.getLong("weight");
        var stack = event.getStackTrace();
        var ours = stack == null ? null : ours(stack.getFrames());
        allocators.merge(ours == null ? NOBODY : name(ours), bytes, Long::sum);
        allocated.merge(event.getClass("objectClass").getName(), bytes, Long::sum);
    }

    private static RecordedFrame ours(List<RecordedFrame> frames) {
        return frames.stream().filter(f -> type(f).startsWith(OURS)).findFirst().orElse(null);
    }

    /** Native methods here are all but only system calls: sockets, epoll, event counters. */
    private static String kind(RecordedFrame top) {
        String type = type(top);
        boolean isNative = "Native".equals(top.getType());
        if (isNative) {
            return "kernel and native code, called by " + library(type);
        }
        return type.startsWith(OURS) ? packageOf(top) : library(type);
    }

    private static String library(String type) {
        if (type.startsWith("io.netty.")) {
            String[] parts = type.split("\\.");
            return "Netty (" + (parts.length > 3 ? parts[2] : "") + ")";
        }
        if (type.startsWith("com.fasterxml.jackson.")) {
            return "Jackson";
        }
        if (type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.")) {
            return "JDK (" + packageName(type) + ")";
        }
        return packageName(type);
    }

    private static String packageOf(RecordedFrame frame) {
        return packageName(type(frame));
    }

    private static String packageName(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    private static String name(RecordedFrame frame) {
        return type(frame) + "." + frame.getMethod().getName();
    }

    private static String type(RecordedFrame frame) {
        String name = frame.getMethod().getType().getName();
        int generated = name.indexOf("$$"); // lambdas and what the compiler makes for switches
        return generated < 0 ? name : name.substring(0, generated);
    }

    private static void count(Map<String, Long> counts, String key) {
        counts.merge(key, 1L, Long::sum);
    }
}
