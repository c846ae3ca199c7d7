package dev.pillion.sidecar;

import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Simulator;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The soak's four simulated vendors, whose misfortunes come and go. */
final class SoakVendors implements AutoCloseable {
    private static final String PATHS = "/v1";
    private static final double SHARE = 0.4;
    private static final int MOST = 30;
    private static final int MOST_SILENT = 4;
    private static final Duration UNPLUGGED = Duration.ofMillis(100);

    /** What goes wrong at once. */
    private static final List<Misbehaviour> LOUD =
            List.of(
                    new Misbehaviour.Status(500),
                    new Misbehaviour.Status(503),
                    new Misbehaviour.Status(529),
                    new Misbehaviour.Status(429),
                    new Misbehaviour.Status(429, RetryHint.SECONDS, Duration.ofSeconds(1), false),
                    new Misbehaviour.Status(502, RetryHint.NONE, Duration.ZERO, true),
                    new Misbehaviour.PromptTooLong(),
                    new Misbehaviour.ErrorEvent(0, 529),
                    new Misbehaviour.ErrorEvent(3, 529),
                    new Break(0, How.CLOSE),
                    new Break(0, How.RESET),
                    new Break(4, How.CLOSE),
                    new Break(4, How.RESET),
                    new Break(3, How.END),
                    new Misbehaviour.WrongLength(100),
                    new Misbehaviour.WrongLength(-3),
                    new Misbehaviour.TruncatedChunk(),
                    new Misbehaviour.GarbageHttp(),
                    new Misbehaviour.GarbageJson(),
                    new Misbehaviour.EmptyBody(),
                    new Misbehaviour.Huge(1),
                    new Misbehaviour.Slow(1),
                    new Misbehaviour.Rechunk(61),
                    new Misbehaviour.Bundle(5),
                    new Misbehaviour.Crlf(),
                    new Misbehaviour.Comments(),
                    new Misbehaviour.Gzip(),
                    new Misbehaviour.Brotli());

    /** What is noticed by waiting, and so must be rare. */
    private static final List<Misbehaviour> SILENT =
            List.of(
                    new Break(-1, How.HANG),
                    new Break(0, How.HANG),
                    new Break(4, How.HANG),
                    new Misbehaviour.NeverEnds(true),
                    new Misbehaviour.NeverEnds(false));

    /** What may let one attempt reach the vendor twice: it breaks before the answer. */
    private static final List<Misbehaviour> RESENT =
            List.of(new Break(-1, How.RESET), new Break(-1, How.CLOSE));

    private final Map<String, Simulator> vendors = new LinkedHashMap<>();
    private long resentAtMost;
    private long spells;

    SoakVendors() {
        vendors.put("anthropic", Simulator.start(Simulator.Options.anthropic()));
        vendors.put("openai", Simulator.start(Simulator.Options.openAi()));
        vendors.put("gemini", Simulator.start(Simulator.Options.gemini()));
        vendors.put("xai", Simulator.start(Simulator.Options.xai()));
    }

    String origin(String vendor) {
        return vendor(vendor).origin();
    }

    private Simulator vendor(String name) {
        Simulator vendor = vendors.get(name);
        if (vendor == null) {
            throw new IllegalArgumentException(name);
        }
        return vendor;
    }

    /** Arms another misfortune of some vendor's, or lets all be well there. */
    void turn(SplittableRandom random) {
        Simulator vendor = List.copyOf(vendors.values()).get(random.nextInt(vendors.size()));
        spells++;
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> vendor.faults().clear();
            case 8 -> arm(vendor, SILENT, random, MOST_SILENT);
            case 9 -> {
                arm(vendor, RESENT, random, MOST_SILENT);
                resentAtMost += MOST_SILENT;
            }
            case 10 -> {
                // The calls under way then were seen, and may be seen once more.
                resentAtMost += vendor.log().openConnectionCount();
                vendor.faults().refuseFor(UNPLUGGED);
            }
            default -> arm(vendor, LOUD, random, MOST);
        }
    }

    private static void arm(
            Simulator vendor, List<Misbehaviour> some, SplittableRandom random, int most) {
        Misbehaviour what = some.get(random.nextInt(some.size()));
        vendor.faults().arm(what, 1 + random.nextInt(most), SHARE, PATHS);
    }

    /** How often something was armed or disarmed. */
    long spells() {
        return spells;
    }

    /** Nothing goes wrong any more. */
    void mend() {
        vendors.values().forEach(vendor -> vendor.faults().clear());
    }

    /** Closes every connection on the vendors' side, and listens again. */
    void hangUp() {
        vendors.values().forEach(vendor -> vendor.faults().refuse());
        vendors.values().forEach(vendor -> vendor.faults().accept());
    }

    long requests() {
        return vendors.values().stream().mapToLong(each -> each.log().requestCount()).sum();
    }

    long connections() {
        return vendors.values().stream().mapToLong(each -> each.log().connectionCount()).sum();
    }

    long openConnections() {
        return vendors.values().stream().mapToLong(each -> each.log().openConnectionCount()).sum();
    }

    /** How many requests may have come twice for one attempt. */
    long resentAtMost() {
        return resentAtMost;
    }

    @Override
    public void close() {
        vendors.values().forEach(Simulator::close);
    }
}
