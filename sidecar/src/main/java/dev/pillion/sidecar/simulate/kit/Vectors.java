package dev.pillion.sidecar.simulate.kit;

import java.util.Locale;
import java.util.Random;

/** Embeddings of a kind: the same text has the same one, and shared words bring texts closer. */
public final class Vectors {
    private static final int SEED = 20261122;

    private Vectors() {}

    /** A vector of length 1. */
    public static float[] of(String text, int dimensions) {
        var sum = new double[dimensions];
        for (var word : text.toLowerCase(Locale.ROOT).split("\\P{L}+", -1)) {
            add(sum, word.hashCode(), 1);
        }
        add(sum, text.hashCode(), 0.01);
        double square = 0;
        for (double number : sum) {
            square += number * number;
        }
        double length = Math.sqrt(square);
        var vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }

    private static void add(double[] sum, int hash, double weight) {
        var random = new Random(SEED + hash);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * random.nextGaussian();
        }
    }
}
