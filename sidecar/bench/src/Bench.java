package dev.pillion.bench;

import dev.pillion.bench.Result.Who;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Measures Pillion against nginx and against no proxy at all, round by round in one run. */
public final class Bench {
    private static final int NGINX_WARMUP_SECONDS = 2;
    private static final int HARNESS_WARMUP_SECONDS = 4;
    private static final int STARTS = 10;
    private static final int QUICK_STARTS = 3;

    private Bench() {}

    /** Does {@code run}, {@code profile} or {@code footprint}, as the first argument says. */
    public static void main(String[] args) throws InterruptedException {
        String command = args[0];
        try {
            var options = Options.parse(command, Arrays.copyOfRange(args, 1, args.length));
            System.exit(
                    switch (command) {
                        case "profile" -> Profile.run(options);
                        case "footprint" -> Footprint.run(options);
                        default -> run(options);
                    });
        } catch (Options.UsageException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(Options options) throws IOException, InterruptedException {
        Result result;
        try (var workshop = new Workshop(options, true)) {
            result = measure(options, workshop);
            var open = new OpenRates(workshop, result);
            if (options.everything()) {
                say("open loop");
                open.measure(options.rounds(), 2 * options.seconds());
            }
            people(options).print(new Report(options, result).table() + open.table());
        }
        if (options.everything()) {
            int starts = options.quick() ? QUICK_STARTS : STARTS;
            var footprint = Footprint.measure(options, starts, true);
            people(options).print("\n" + footprint.table());
            people(options).print(Aims.table(options, result, footprint.figures()));
        }
        String json = new Report(options, result).json();
        if (options.json().equals("-")) {
            System.out.println(json);
        } else if (!options.json().isEmpty()) {
            Files.writeString(Path.of(options.json()), json + "\n");
        }
        return result.errors() == 0 ? 0 : 1;
    }

    /** Where tables go, as soon as they are there: what fails later does not take them along. */
    private static PrintStream people(Options options) {
        return options.json().equals("-") ? System.err : System.out;
    }

    private static Result measure(Options options, Workshop workshop)
            throws IOException, InterruptedException {
        var result = new Result();
        var slots = Slot.all().stream().filter(options::wants).filter(workshop::serves).toList();
        if (slots.isEmpty()) {
            throw new IOException("no case is left to measure (--only)");
        }
        var round = new Round(options, workshop, slots, result);
        double warmUp = slots.size() * (options.warmupSeconds() * 0.8 + 2);
        long minutes = Math.round((round.seconds() * options.rounds() + warmUp) / 60 + 0.5);
        say(
                "%d cases, %d rounds: about %d minutes"
                        .formatted(slots.size(), options.rounds(), minutes));

        var nginxIdle = workshop.nginx().tree().memory();
        var rivalIdle = workshop.hasRival() ? workshop.rival().tree().memory() : null;
        for (var slot : slots) {
            workshop.probe(slot);
        }
        for (var slot : slots) {
            warmUp(options, workshop, round, slot);
        }
        for (int i = 1; i <= options.rounds(); i++) {
            round.run(i);
        }
        result.memory("nginx", nginxIdle, workshop.nginx().tree().memory());
        if (rivalIdle != null) {
            result.memory(workshop.rival().name(), rivalIdle, workshop.rival().tree().memory());
            result.logLines(workshop.rival().logLines());
        }
        return result;
    }

    /** The Unix socket runs code that TCP has warmed already, and so gets a third of the time. */
    private static void warmUp(Options options, Workshop workshop, Round round, Slot slot)
            throws IOException, InterruptedException {
        boolean tcp = slot.transport() == Slot.Transport.TCP;
        if (slot.way() == Slot.Way.PASS && tcp) {
            round.warmUp(Who.DIRECT, slot, HARNESS_WARMUP_SECONDS);
        }
        round.warmUp(Who.NGINX, slot, NGINX_WARMUP_SECONDS);
        if (workshop.hasRival()) {
            say("warm-up " + slot.label());
            int seconds = options.warmupSeconds();
            round.warmUp(Who.RIVAL, slot, tcp ? seconds : (seconds + 2) / 3);
            if (workshop.hasOther()) {
                round.warmUp(Who.OTHER, slot, tcp ? seconds : (seconds + 2) / 3);
            }
        }
    }

    static void say(String text) {
        System.err.println("bench: " + text);
    }
}
