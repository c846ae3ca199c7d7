package dev.pillion.sidecar.rehearse;

import java.util.Arrays;

/** Requests, what they cost, and how long they took to the first token. */
public final class Tally {
    private static final double MILLION = 1e6;

    private double[] waitsMillis = new double[16];
    private int answered;
    private int requests;
    private int failed;
    private int refused;
    private int retried;
    private int unpriced;
    private double usd;

    Tally() {}

    /** All of these together. */
    static Tally sum(Iterable<Tally> parts) {
        var sum = new Tally();
        for (Tally part : parts) {
            sum.requests += part.requests;
            sum.failed += part.failed;
            sum.refused += part.refused;
            sum.retried += part.retried;
            sum.unpriced += part.unpriced;
            sum.usd += part.usd;
            sum.makeRoom(part.answered);
            System.arraycopy(part.waitsMillis, 0, sum.waitsMillis, sum.answered, part.answered);
            sum.answered += part.answered;
        }
        return sum;
    }

    void add(Story story) {
        requests++;
        failed += story.failed() ? 1 : 0;
        refused += story.attempts() == 0 ? 1 : 0;
        retried += story.attempts() > 1 ? 1 : 0;
        if (Double.isNaN(story.usd())) {
            unpriced++;
        } else {
            usd += story.usd();
        }
        if (story.answered() >= 0) {
            makeRoom(1);
            waitsMillis[answered++] = story.firstNanos() / MILLION;
        }
    }

    private void makeRoom(int more) {
        if (answered + more > waitsMillis.length) {
            int room = Math.max(answered + more, 2 * waitsMillis.length);
            waitsMillis = Arrays.copyOf(waitsMillis, room);
        }
    }

    public int requests() {
        return requests;
    }

    /** Requests that had content of an answer, if only the beginning of one that was cut. */
    public int answered() {
        return answered;
    }

    public int failed() {
        return failed;
    }

    /** Requests, counted as failed too, that no model could take, so that none was asked. */
    public int refused() {
        return refused;
    }

    /** Requests that took more than one attempt. */
    public int retried() {
        return retried;
    }

    /** Requests whose cost nobody knows. */
    public int unpriced() {
        return unpriced;
    }

    /** USD of those whose cost is known. */
    public double usd() {
        return usd;
    }

    /** Milliseconds to the first token that this share of the answered stays under; none: 0. */
    public double waitMillis(double share) {
        if (answered == 0) {
            return 0;
        }
        double[] sorted = Arrays.copyOf(waitsMillis, answered);
        Arrays.sort(sorted);
        return sorted[Math.min(answered - 1, (int) (share * answered))];
    }
}
