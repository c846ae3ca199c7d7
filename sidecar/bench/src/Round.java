package dev.pillion.bench;

import dev.pillion.bench.Result.Who;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * One round: every case once, in slices of half a second that alternate between those compared.
 *
 * <p>So whatever else the machine does meanwhile falls on all of them alike.
 */
final class Round {
    private static final int SLICE_MILLIS = 500;
    private static final int SETTLE_MILLIS = 150;

    private final Options options;
    private final Workshop workshop;
    private final List<Slot> slots;
    private final Result result;

    Round(Options options, Workshop workshop, List<Slot> slots, Result result) {
        this.options = options;
        this.workshop = workshop;
        this.slots = slots;
        this.result = result;
    }

    /** One measurement, of the first case; it serves for all of them. */
    private record Step(Who who, List<Slot> slots) {
        Slot slot() {
            return slots.getFirst();
        }
    }

    void run(int round) throws IOException, InterruptedException {
        for (var group : groups()) {
            var tallies = new LinkedHashMap<Step, Tally>();
            group.forEach(step -> tallies.put(step, new Tally()));
            int slices = options.seconds() * 1000 / SLICE_MILLIS;
            for (int slice = 0; slice < slices; slice++) {
                for (var step : slice % 2 == 0 ? group : group.reversed()) {
                    tallies.get(step).add(step);
                }
            }
            tallies.forEach((step, tally) -> report(round, step, tally.sample(step.who)));
        }
    }

    /** Seconds that a round takes, about. */
    double seconds() {
        int steps = groups().stream().mapToInt(List::size).sum();
        double perSlice = SLICE_MILLIS + 2.0 * SETTLE_MILLIS + SLICE_MILLIS / 2;
        return steps * options.seconds() * perSlice / SLICE_MILLIS;
    }

    /** Those that are compared with each other: nginx and its rivals; direct once a size. */
    private List<List<Step>> groups() {
        var groups = new ArrayList<List<Step>>();
        for (var size : Slot.Size.values()) {
            var direct = slots.stream().filter(s -> s.size() == size).toList();
            for (var way : Slot.Way.values()) {
                var cases = direct.stream().filter(s -> s.way() == way).toList();
                if (!cases.isEmpty()) {
                    boolean first = cases.getFirst() == direct.getFirst();
                    groups.add(group(first ? direct : List.of(), cases));
                }
            }
        }
        return groups;
    }

    private List<Step> group(List<Slot> direct, List<Slot> cases) {
        var steps = new ArrayList<Step>();
        if (!direct.isEmpty()) {
            steps.add(new Step(Who.DIRECT, direct));
        }
        steps.add(new Step(Who.NGINX, cases));
        if (workshop.hasRival()) {
            cases.forEach(slot -> steps.add(new Step(Who.RIVAL, List.of(slot))));
        }
        if (workshop.hasOther()) {
            cases.forEach(slot -> steps.add(new Step(Who.OTHER, List.of(slot))));
        }
        return steps;
    }

    private void report(int round, Step step, Result.Sample sample) {
        step.slots.forEach(slot -> result.add(slot, step.who, sample));
        String name =
                switch (step.who) {
                    case RIVAL -> workshop.rival().name();
                    case OTHER -> workshop.other().name();
                    case DIRECT, NGINX -> step.who.name();
                };
        String cpu = step.who == Who.DIRECT ? "" : "%.1f us CPU".formatted(sample.cpuMicros());
        Bench.say(
                "round %d  %-18s %-8s %16s  %8.0f /s  p50 %7.0f us"
                        .formatted(
                                round,
                                step.slot().label(),
                                name.toLowerCase(Locale.ROOT),
                                cpu,
                                sample.perSecond(),
                                sample.p50Micros()));
    }

    /** Load for a while that is not counted; errors are. */
    void warmUp(Who who, Slot slot, int seconds) throws IOException, InterruptedException {
        try (var load = open(who, slot, options.connections())) {
            load.start();
            if (who == Who.RIVAL || who == Who.OTHER) {
                WarmUp.await(workshop.tree(who), seconds);
            } else {
                Thread.sleep(seconds * 1000L);
            }
            finish(who, slot, load);
        }
    }

    /** A paced stream takes long and asks for little CPU: so twice as many at once. */
    private Load open(Who who, Slot slot, int connections) throws IOException {
        int factor = slot.size() == Slot.Size.DRIP ? 2 : 1;
        return workshop.load(who, slot, factor * connections);
    }

    private Load.Latencies finish(Who who, Slot slot, Load load) throws InterruptedException {
        var latencies = load.stop();
        if (who == Who.RIVAL) {
            result.rivalAnswered(load.completed());
        }
        if (load.errors() > 0) {
            String where = slot.label() + " " + who;
            result.addErrors(where, load.errors(), load.problems());
            Bench.say("ERRORS " + where + ": " + load.errors() + ", first: " + load.problems());
        }
        return latencies;
    }

    /** The sum of the slices of one measurement. */
    private final class Tally {
        private double seconds;
        private double requests;
        private double reads;
        private double foreign;
        private double jit;
        private ProcessTree.Cpu cpu = new ProcessTree.Cpu(0, 0);
        private long[] whole = {};
        private long[] firstByte = {};

        void add(Step step) throws IOException, InterruptedException {
            addLatencies(step);
            var tree = workshop.tree(step.who);
            try (var load = open(step.who, step.slot(), options.connections())) {
                load.start();
                Thread.sleep(SETTLE_MILLIS);
                var before = Reading.take(load, tree);
                Thread.sleep(SLICE_MILLIS);
                var after = Reading.take(load, tree);
                finish(step.who, step.slot(), load);
                addLoad(before, after);
            }
        }

        private void addLatencies(Step step) throws IOException, InterruptedException {
            try (var load = open(step.who, step.slot(), options.latencyConnections())) {
                load.start();
                Thread.sleep(SETTLE_MILLIS);
                load.count();
                Thread.sleep(SLICE_MILLIS / 2);
                var slice = finish(step.who, step.slot(), load);
                whole = joined(whole, slice.whole());
                firstByte = joined(firstByte, slice.firstByte());
            }
        }

        private static long[] joined(long[] one, long[] other) {
            long[] all = Arrays.copyOf(one, one.length + other.length);
            System.arraycopy(other, 0, all, one.length, other.length);
            Arrays.sort(all);
            return all;
        }

        private void addLoad(Reading before, Reading after) {
            var used = after.cpu.minus(before.cpu);
            seconds += (after.nanos - before.nanos) / 1e9;
            requests += after.completed - before.completed;
            reads += after.reads - before.reads;
            cpu = cpu.plus(used);
            jit += after.jit - before.jit;
            foreign += after.machine - before.machine - (after.own - before.own) - used.total();
        }

        Result.Sample sample(Who who) {
            boolean direct = who == Who.DIRECT;
            return new Result.Sample(
                    (long) requests,
                    direct ? Double.NaN : cpu.total() * 1e6 / requests,
                    direct ? Double.NaN : cpu.user() * 1e6 / requests,
                    direct ? Double.NaN : jit * 1e6 / requests,
                    requests / seconds,
                    cpu.total() / seconds,
                    Load.Latencies.micros(whole, 0.5),
                    Load.Latencies.micros(whole, 0.99),
                    Load.Latencies.micros(firstByte, 0.5),
                    reads / requests,
                    Math.max(0, foreign / seconds));
        }
    }

    /** The counters at one moment: replies, client reads, CPU of server, harness and machine. */
    private record Reading(
            long nanos,
            long completed,
            long reads,
            ProcessTree.Cpu cpu,
            double jit,
            double own,
            double machine) {

        static Reading take(Load load, ProcessTree tree) throws IOException {
            var own = ProcessHandle.current().info().totalCpuDuration();
            return new Reading(
                    System.nanoTime(),
                    load.completed(),
                    load.reads(),
                    tree == null ? new ProcessTree.Cpu(0, 0) : tree.cpu(),
                    tree == null ? 0 : WarmUp.jitSeconds(tree),
                    own.map(d -> d.toNanos() / 1e9).orElse(0.0),
                    ProcessTree.machine());
        }
    }
}
