package dev.pillion.sidecar;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What goes on beside the soak's requests: faults, reloads, and everybody who looks. */
final class SoakMeddling {
    private static final int STEPS_A_RELOAD = 8;
    private static final long STEP_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> LOOKS =
            List.of("status", "health", "routes", "limits", "version", "usage?since=1m");

    private final SoakDaemon daemon;
    private final SoakVendors vendors;
    private final SplittableRandom random;
    private int version = 1;
    private int steps;
    private int reloads;
    private int refused;

    SoakMeddling(SoakDaemon daemon, SoakVendors vendors, SplittableRandom random) {
        this.daemon = daemon;
        this.vendors = vendors;
        this.random = random;
    }

    /** One step of it, and a pause. */
    void step() throws IOException, InterruptedException {
        steps++;
        vendors.turn(random);
        look();
        if (steps % STEPS_A_RELOAD == 0) {
            reload();
        }
        Thread.sleep(STEP_MILLIS);
    }

    private void look() throws IOException {
        String path = List.of("/healthz", "/readyz", "/metrics", "/nothing").get(steps % 4);
        String seen = daemon.probe(path);
        if (seen.contains(" 200 ") == path.equals("/nothing")) {
            throw new IOException(path + " is answered by " + seen);
        }
        String line = "GET /" + LOOKS.get(steps % LOOKS.size());
        if (!daemon.admin(line).contains(" 200 ")) {
            throw new IOException(line + " is answered by " + daemon.admin(line));
        }
    }

    /** Good and bad documents, by the admin socket and by signal. */
    private void reload() throws IOException, InterruptedException {
        int kind = steps / STEPS_A_RELOAD % 4;
        boolean bad = kind >= 2;
        daemon.configure(bad ? bad() : document(vendors, version + 1));
        if (kind % 2 == 0) {
            String answer = daemon.admin("POST /reload");
            if (answer.contains(" 200 ") == bad) {
                throw new IOException("a reload is answered by " + answer);
            }
        } else {
            daemon.hangUpSignal();
        }
        version += bad ? 0 : 1;
        refused += bad ? 1 : 0;
        reloads++;
        int expected = version;
        daemon.await(
                "version " + expected,
                PATIENCE,
                each -> each.metric("pillion_config_version") == expected);
    }

    private String bad() {
        String good = document(vendors, version + 1);
        return switch (random.nextInt(4)) {
            case 0 -> good.replace("aliases:", "alias:");
            case 1 -> good.replace("anthropic/claude-haiku-4-5, ", "anthropic/claude-nobody, ");
            case 2 -> good.substring(0, good.length() / 2) + "\n  - {";
            default -> good.replace("budget_usd_per_day: 1000", "budget_usd_per_day: -3");
        };
    }

    int reloads() {
        return reloads;
    }

    int refused() {
        return refused;
    }

    /** A configuration that differs from the one before: keys, their accounts, routes, times. */
    static String document(SoakVendors vendors, int version) {
        boolean even = version % 2 == 0;
        var document = new StringBuilder("version: " + version + "\nproviders:\n");
        for (String name : List.of("anthropic", "openai", "gemini", "xai")) {
            document.append(
                    """
                      %1$s:
                        base_url: "%2$s"
                        keys:
                          - {id: %1$s.%3$d, value: key-%1$s-%3$d, account: one}
                          - {id: %1$s.fixed, value: key-%1$s, account: two}
                        timeouts: {connect: 2s, first_byte: %4$dms, first_byte_unstreamed: 2s, idle: 2s}
                    """
                            .formatted(name, vendors.origin(name), version, even ? 2_000 : 1_900));
        }
        return document.append(
                        """
                        aliases:
                          any: [%s]
                          yna: [gemini/gemini-2.5-flash, openai/gpt-4.1]
                        callers:
                          default: {budget_usd_per_day: 1000}
                          billing: {budget_usd_per_day: %d}
                          thrifty: {budget_usd_per_day: 0.02}
                        routing:
                          failover: {backoff: {first: 5ms, max: 50ms}}
                        """
                                .formatted(
                                        even
                                                ? "openai/gpt-4.1, anthropic/claude-haiku-4-5,"
                                                        + " xai/grok-4.6"
                                                : "anthropic/claude-haiku-4-5,"
                                                        + " gemini/gemini-2.5-flash",
                                        1_000 + version))
                .toString();
    }
}
