package dev.pillion.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All that one run has measured, round by round. */
final class Result {

    /** Those that are measured; {@code OTHER} is a second Pillion, compared with the first. */
    enum Who {
        DIRECT,
        NGINX,
        RIVAL,
        OTHER
    }

    /**
     * One measurement of one of them in one round.
     *
     * @param cpuMicros CPU per request, user and system, of the process tree; NaN for direct
     * @param userMicros the user part of it
     * @param jitMicros the JIT compiler's part of it
     * @param perSecond right answers a second in the closed loop
     * @param busy CPU seconds a second of the process tree: 1.0 is one core
     * @param p50Micros latency to the last byte at low concurrency
     * @param firstByteMicros median latency to the first byte of the body, likewise
     * @param reads reads a reply in the client under load: how finely a stream arrives
     * @param foreignCores cores that others than the benchmark used meanwhile
     */
    record Sample(
            long requests,
            double cpuMicros,
            double userMicros,
            double jitMicros,
            double perSecond,
            double busy,
            double p50Micros,
            double p99Micros,
            double firstByteMicros,
            double reads,
            double foreignCores) {}

    /** Median and extremes of some values. */
    record Spread(double min, double median, double max) {
        static Spread of(List<Double> values) {
            var sorted = values.stream().filter(v -> !v.isNaN()).sorted().toList();
            if (sorted.isEmpty()) {
                return new Spread(Double.NaN, Double.NaN, Double.NaN);
            }
            int size = sorted.size();
            double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
            return new Spread(sorted.getFirst(), median, sorted.getLast());
        }
    }

    /** Memory of one server before its first request and after its last. */
    record MemoryUse(ProcessTree.Memory idle, ProcessTree.Memory loaded) {}

    private final Map<Slot, Map<Who, List<Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, MemoryUse> memory = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long errors;
    private long logLines;
    private long rivalRequests;

    void add(Slot slot, Who who, Sample sample) {
        samples.computeIfAbsent(slot, s -> new LinkedHashMap<>())
                .computeIfAbsent(who, w -> new ArrayList<>())
                .add(sample);
    }

    void addErrors(String where, long count, List<String> examples) {
        errors += count;
        examples.forEach(e -> problems.add(where + ": " + e));
    }

    void rivalAnswered(long requests) {
        rivalRequests += requests;
    }

    void logLines(long lines) {
        logLines = lines;
    }

    void memory(String server, ProcessTree.Memory idle, ProcessTree.Memory loaded) {
        memory.put(server, new MemoryUse(idle, loaded));
    }

    List<Slot> slots() {
        return List.copyOf(samples.keySet());
    }

    List<Sample> samples(Slot slot, Who who) {
        return samples.getOrDefault(slot, Map.of()).getOrDefault(who, List.of());
    }

    Map<String, MemoryUse> memory() {
        return memory;
    }

    long errors() {
        return errors;
    }

    List<String> problems() {
        return problems;
    }

    long logLines() {
        return logLines;
    }

    long rivalRequests() {
        return rivalRequests;
    }

    Spread spread(Slot slot, Who who, ToDoubleFunction<Sample> value) {
        return Spread.of(samples(slot, who).stream().map(value::applyAsDouble).toList());
    }

    /** The rival's value by nginx's of the same round. */
    Spread ratio(Slot slot, ToDoubleFunction<Sample> value) {
        return perRound(slot, Who.RIVAL, Who.NGINX, value, true);
    }

    /** The rival's value where it translates by its value where it passes, in the same round. */
    Spread translated(Slot slot, ToDoubleFunction<Sample> value) {
        var passed = samples(new Slot(slot.size(), slot.way().passing(), slot.transport()), Who.RIVAL);
        var own = samples(slot, Who.RIVAL);
        var values = new ArrayList<Double>();
        for (int i = 0; i < Math.min(own.size(), passed.size()); i++) {
            values.add(value.applyAsDouble(own.get(i)) / value.applyAsDouble(passed.get(i)));
        }
        return Spread.of(values);
    }

    /** How much more the one Pillion has than the other one in the same round. */
    Spread beyondOther(Slot slot, ToDoubleFunction<Sample> value) {
        return perRound(slot, Who.RIVAL, Who.OTHER, value, false);
    }

    /** How much more {@code who} has than direct in the same round. */
    Spread added(Slot slot, Who who, ToDoubleFunction<Sample> value) {
        return perRound(slot, who, Who.DIRECT, value, false);
    }

    /** What the rival adds to direct by what nginx adds, in the same round. */
    Spread addedRatio(Slot slot, ToDoubleFunction<Sample> value) {
        var direct = samples(slot, Who.DIRECT);
        var nginx = samples(slot, Who.NGINX);
        var rival = samples(slot, Who.RIVAL);
        var values = new ArrayList<Double>();
        for (int i = 0; i < Math.min(rival.size(), Math.min(nginx.size(), direct.size())); i++) {
            double base = value.applyAsDouble(direct.get(i));
            values.add(
                    (value.applyAsDouble(rival.get(i)) - base)
                            / (value.applyAsDouble(nginx.get(i)) - base));
        }
        return Spread.of(values);
    }

    private Spread perRound(
            Slot slot, Who who, Who base, ToDoubleFunction<Sample> value, boolean divide) {
        var values = new ArrayList<Double>();
        var own = samples(slot, who);
        var others = samples(slot, base);
        for (int i = 0; i < Math.min(own.size(), others.size()); i++) {
            double mine = value.applyAsDouble(own.get(i));
            double theirs = value.applyAsDouble(others.get(i));
            values.add(divide ? mine / theirs : mine - theirs);
        }
        return Spread.of(values);
    }

    double foreignCores() {
        return Spread.of(
                        samples.values().stream()
                                .flatMap(m -> m.values().stream())
                                .flatMap(List::stream)
                                .map(Sample::foreignCores)
                                .toList())
                .median();
    }
}
