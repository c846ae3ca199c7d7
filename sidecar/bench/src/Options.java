package dev.pillion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the command line asks for; durations are whole seconds. */
record Options(
        int seconds,
        int warmupSeconds,
        int rounds,
        int connections,
        int latencyConnections,
        int top,
        List<String> only,
        String json,
        String recording,
        Rival rival,
        boolean accounting,
        boolean quick,
        String against,
        Path home,
        Path pillion) {

    /** Who is measured against nginx. */
    enum Rival {
        PILLION,
        SECOND_NGINX,
        NOBODY
    }

    static final String USAGE =
            """
            usage: %s [options]
              --seconds N        counted seconds of load a measurement (%s)
              --warmup N         uncounted seconds of load for each Pillion case beforehand (15)
              --rounds N         rounds; every round measures every case anew (5);
                                 footprint: starts of each kind (10)
              --connections N    closed-loop connections under load (32)
              --only LIST        comma-separated cases, e.g. 1k  or  sse/pass  or  64k/generate/tcp,1k/pass:
                                 words out of 1k 64k sse drip, tcp unix, and the ways of README.md
              --quick            3 rounds of 1 s, warm-up 4 s: about 12 minutes in place of 40
              --json FILE        the whole result as JSON as well; '-' is standard output
              --recording FILE   (profile) keeps the JFR recording, for other tools
              --self-check       a second nginx in Pillion's place: its ratios should be about 1.0
              --no-pillion       direct and nginx alone
              --accounting       a second Pillion beside the first, without ledger, request log and
                                 prices: what they cost, pair by pair
              --against FILE     a second Pillion beside the first: that command, pair by pair
              --pillion FILE     another pillion command than this checkout's
            """;

    static Options parse(String command, String[] args) {
        var values = new Values(command);
        for (int i = 0; i < args.length; i++) {
            i = values.take(args, i);
        }
        return values.build();
    }

    /** Whether a second Pillion runs beside the first. */
    boolean pairs() {
        return rival == Rival.PILLION && (accounting || !against.isEmpty());
    }

    /** Whether all of it is asked for, the open loop and the footprint too. */
    boolean everything() {
        return only.isEmpty() && rival == Rival.PILLION && !pairs();
    }

    boolean wants(Slot slot) {
        return only.isEmpty() || only.stream().anyMatch(slot::matches);
    }

    private static final class Values {
        private static final Map<String, Integer> QUICK =
                Map.of("--seconds", 1, "--rounds", 3, "--warmup", 4);

        private final String command;
        private final Map<String, Integer> numbers;
        private final List<String> only = new ArrayList<>();
        private String json = "";
        private String recording = "";
        private Rival rival = Rival.PILLION;
        private boolean accounting;
        private boolean quick;
        private String against = "";
        private Path home = Path.of("sidecar", "bench");
        private Path pillion = Path.of("sidecar", "target", "pillion", "bin", "pillion");

        Values(String command) {
            this.command = command;
            numbers = new java.util.HashMap<>(Map.of("--warmup", 15, "--rounds", 5));
            numbers.putAll(Map.of("--connections", 32, "--latency-connections", 1));
            numbers.put("--top", 25);
            if (command.equals("footprint")) {
                numbers.put("--rounds", 10);
            }
            numbers.put("--seconds", command.equals("run") ? 2 : 20);
        }

        /** Takes the option at {@code at}, and answers the index of the last argument used. */
        int take(String[] args, int at) {
            String name = args[at];
            switch (name) {
                case "--self-check" -> rival = Rival.SECOND_NGINX;
                case "--accounting" -> accounting = true;
                case "--no-pillion" -> rival = Rival.NOBODY;
                case "--quick" -> {
                    numbers.putAll(QUICK);
                    quick = true;
                }
                case "--help", "-h" -> {
                    System.out.printf(USAGE, command, numbers.get("--seconds"));
                    System.exit(0);
                }
                default -> {
                    takeWithValue(name, at + 1 < args.length ? args[at + 1] : null);
                    return at + 1;
                }
            }
            return at;
        }

        private void takeWithValue(String name, String value) {
            if (value == null) {
                throw new UsageException(name + ": unknown option, or its value is missing");
            }
            switch (name) {
                case "--only", "--case" -> only.addAll(Arrays.asList(value.split(",")));
                case "--json" -> json = value;
                case "--recording" -> recording = value;
                case "--against" -> against = value;
                case "--home" -> home = Path.of(value);
                case "--pillion" -> pillion = Path.of(value);
                default -> takeNumber(name, value);
            }
        }

        private void takeNumber(String name, String value) {
            if (!numbers.containsKey(name)) {
                throw new UsageException(name + ": unknown option");
            }
            if (!value.matches("[0-9]{1,4}") || Integer.parseInt(value) < 1) {
                throw new UsageException(name + ": " + value + " (expected: 1 to 9999)");
            }
            numbers.put(name, Integer.valueOf(value));
        }

        Options build() {
            only.stream().filter(o -> !Slot.isPattern(o)).findFirst().ifPresent(this::refuse);
            return new Options(
                    numbers.get("--seconds"),
                    numbers.get("--warmup"),
                    numbers.get("--rounds"),
                    numbers.get("--connections"),
                    numbers.get("--latency-connections"),
                    numbers.get("--top"),
                    List.copyOf(only),
                    json,
                    recording,
                    rival,
                    accounting,
                    quick,
                    against,
                    home,
                    pillion);
        }

        private void refuse(String pattern) {
            throw new UsageException(
                    "--only " + pattern + " (expected: words out of " + Slot.words() + ")");
        }
    }

    /** The command line is wrong; the message says where. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
