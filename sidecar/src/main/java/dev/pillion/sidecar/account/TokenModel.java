package dev.pillion.sidecar.account;

import dev.pillion.adapters.TokenPrior;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one model's count of tokens: a weight for each feature of a prompt, how sure
 * each is (a Kalman filter, in which what is old counts less), and how far off it was. Immutable
 * but for a counter of who asked.
 */
final class TokenModel {
    private static final int FEATURES = 9;

    /** How much an estimate is off at best, of itself and in tokens. */
    private static final double NOISE = 0.05;

    private static final double NOISE_TOKENS = 2;

    /** What was learned so many prompts ago counts a third. */
    private static final double MEMORY = 200;

    private static final double FRESH = 1 + 1 / MEMORY;

    /** One answer says no more than that many standard deviations. */
    private static final double MAX_SURPRISE = 4;

    /** From here on errors are the model's, and not the prior's. */
    private static final int TRUSTED = 20;

    /** Before so many were seen nothing is said of the largest error. */
    private static final int MIN_SEEN = 200;

    private static final double MARGIN = 1.5;
    private static final double DEVIATIONS = 6;

    private final double[] spread;
    private final double[] weights;
    private final double[] doubt;
    private final int seen;
    private final double worst;
    private final AtomicInteger asked;

    private TokenModel(
            double[] spread,
            double[] weights,
            double[] doubt,
            int seen,
            double worst,
            AtomicInteger asked) {
        this.spread = spread;
        this.weights = weights;
        this.doubt = doubt;
        this.seen = seen;
        this.worst = worst;
        this.asked = asked;
    }

    static TokenModel of(TokenPrior prior) {
        double[] spread = spread(prior);
        double[] doubt = new double[FEATURES * FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            doubt[i * FEATURES + i] = spread[i] * spread[i];
        }
        double[] weights = {
            prior.base(),
            prior.tools(),
            prior.text(),
            prior.values(),
            prior.schemas(),
            prior.format(),
            prior.formats(),
            prior.opaque(),
            prior.media()
        };
        return new TokenModel(spread, weights, doubt, 0, 1, new AtomicInteger());
    }

    /** How far off the prior may be. */
    private static double[] spread(TokenPrior prior) {
        return new double[] {
            2 + prior.base(),
            20 + 0.6 * prior.tools(),
            0.25,
            0.3 + 0.6 * prior.values(),
            0.5,
            5 + prior.format(),
            0.5,
            0.1,
            1.2 * prior.media()
        };
    }

    static double expected(TokenPrior prior, PromptSize size) {
        return prior.base()
                + (size.tools() > 0 ? prior.tools() : 0)
                + prior.text() * size.text()
                + prior.values() * size.values()
                + prior.schemas() * size.tools()
                + (size.format() > 0 ? prior.format() : 0)
                + prior.formats() * size.format()
                + prior.opaque() * size.opaque()
                + prior.media() * size.media();
    }

    private static double feature(PromptSize size, int index) {
        return switch (index) {
            case 0 -> 1;
            case 1 -> size.tools() > 0 ? 1 : 0;
            case 2 -> size.text();
            case 3 -> size.values();
            case 4 -> size.tools();
            case 5 -> size.format() > 0 ? 1 : 0;
            case 6 -> size.format();
            case 7 -> size.opaque();
            default -> size.media();
        };
    }

    int seen() {
        return seen;
    }

    boolean isTurn(int every) {
        return asked.incrementAndGet() % every == 0;
    }

    double expected(PromptSize size) {
        double sum = 0;
        for (int i = 0; i < FEATURES; i++) {
            sum += weights[i] * feature(size, i);
        }
        return Math.max(1, sum);
    }

    /**
     * Above all that was seen, and above what the doubt that is left lets happen.
     *
     * @param overhead tokens that may come of what no prompt before had
     */
    long most(PromptSize size, int overhead) {
        if (seen < MIN_SEEN) {
            return Long.MAX_VALUE;
        }
        double expected = expected(size);
        double[] doubtful = new double[FEATURES];
        double variance = variance(size, expected, doubtful);
        double most =
                Math.max(expected * worst * MARGIN, expected + DEVIATIONS * Math.sqrt(variance));
        return overhead + (long) Math.ceil(most);
    }

    /** Of the estimate; {@code doubtful} becomes the doubt times the features. */
    private double variance(PromptSize size, double expected, double[] doubtful) {
        double noise = NOISE * expected + NOISE_TOKENS;
        double variance = noise * noise;
        for (int i = 0; i < FEATURES; i++) {
            double sum = 0;
            for (int k = 0; k < FEATURES; k++) {
                sum += doubt[i * FEATURES + k] * feature(size, k);
            }
            doubtful[i] = sum;
            variance += sum * feature(size, i);
        }
        return variance;
    }

    /** What is known after a prompt of that size was counted. */
    TokenModel after(PromptSize size, long reported) {
        double expected = expected(size);
        double[] doubtful = new double[FEATURES];
        double variance = variance(size, expected, doubtful);
        double most = MAX_SURPRISE * Math.sqrt(variance);
        double error = Math.clamp(reported - expected, -most, most);
        double[] learned = weights.clone();
        double[] left = doubt.clone();
        for (int i = 0; i < FEATURES; i++) {
            learned[i] = Math.max(0, learned[i] + doubtful[i] / variance * error);
            for (int k = 0; k < FEATURES; k++) {
                left[i * FEATURES + k] -= doubtful[i] * doubtful[k] / variance;
            }
        }
        forget(left, spread);
        // The largest error is forgotten by halves in some 700 answers.
        double further = Math.max(1 + (worst - 1) * 0.999, reported / expected);
        double ratio = seen < TRUSTED ? 1 : further;
        return new TokenModel(spread, learned, left, seen + 1, ratio, asked);
    }

    /**
     * What is old counts less, but no doubt becomes larger than it was before anything was seen.
     */
    private static void forget(double[] doubt, double[] spread) {
        for (int i = 0; i < FEATURES; i++) {
            if (doubt[i * FEATURES + i] * FRESH > spread[i] * spread[i]) {
                return;
            }
        }
        for (int i = 0; i < doubt.length; i++) {
            doubt[i] *= FRESH;
        }
    }
}
