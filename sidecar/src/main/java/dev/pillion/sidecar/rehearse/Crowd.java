package dev.pillion.sidecar.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: requests come as a Poisson process, some go on with a conversation, and sizes are
 * lognormal.
 *
 * @param ratePerSecond on the average
 * @param seconds how long requests come
 * @param inputTokens the median of what one message brings in
 * @param inputSpread sigma of that
 * @param outputTokens the median of an answer
 * @param goesOn how probable it is that a request goes on with a conversation
 */
record Crowd(
        double ratePerSecond,
        double seconds,
        double inputTokens,
        double inputSpread,
        double outputTokens,
        double goesOn) {
    private static final double OUTPUT_SPREAD = 0.7;
    private static final double GUESS_SPREAD = 0.1;
    private static final double ENDS = 0.1;
    private static final int MOST_OPEN = 200;
    private static final long LONGEST_IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long MOST_TOKENS = 150_000;

    /** A conversation that may go on. */
    private record Open(long id, long tokens, long lastNanos) {}

    List<Turn> turns(RandomGenerator random) {
        List<Turn> turns = new ArrayList<>();
        List<Open> open = new ArrayList<>();
        long end = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        long now = gap(random);
        for (long number = 0; now < end; number++, now += gap(random)) {
            Open known = random.nextDouble() < goesOn ? take(open, now, random) : null;
            long more = (long) Math.max(20, lognormal(inputTokens, inputSpread, random));
            long before = known == null ? 0 : known.tokens;
            long output = (long) Math.max(2, lognormal(outputTokens, OUTPUT_SPREAD, random));
            long id = known == null ? number : known.id;
            long input = Math.min(MOST_TOKENS, before + (known == null ? more : more / 4));
            double guess = lognormal((double) input, GUESS_SPREAD, random);
            long idle = known == null ? 0 : now - known.lastNanos;
            turns.add(
                    new Turn(
                            number,
                            now,
                            id,
                            input,
                            Math.min(before, input),
                            idle,
                            output,
                            (long) guess));
            if (goesOn > 0 && random.nextDouble() >= ENDS && open.size() < MOST_OPEN) {
                open.add(new Open(id, input + output, now));
            }
        }
        return turns;
    }

    private long gap(RandomGenerator random) {
        return (long) (random.nextExponential() / ratePerSecond * TimeUnit.SECONDS.toNanos(1));
    }

    /** One of the conversations that were not left for good; null: there is none. */
    private static @Nullable Open take(List<Open> open, long nowNanos, RandomGenerator random) {
        open.removeIf(each -> nowNanos - each.lastNanos > LONGEST_IDLE_NANOS);
        return open.isEmpty() ? null : open.remove(random.nextInt(open.size()));
    }

    private static double lognormal(double median, double sigma, RandomGenerator random) {
        return median * Math.exp(sigma * random.nextGaussian());
    }
}
