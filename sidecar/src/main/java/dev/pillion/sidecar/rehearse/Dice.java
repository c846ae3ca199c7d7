package dev.pillion.sidecar.rehearse;

/**
 * Chance that is the same for every way of routing: what a vendor does with a request depends on
 * the seed, the request and the vendor alone, not on what was asked before.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;

    Dice(long seed) {
        this.seed = seed;
    }

    /** 0 to 1, for the {@code what}-th question about that request at that vendor. */
    double of(long turn, int actor, int what) {
        long mixed = mix(seed + turn * GOLDEN);
        mixed = mix(mixed + (actor + 1) * GOLDEN);
        mixed = mix(mixed + (what + 1) * GOLDEN);
        return (mixed >>> 11) * 0x1.0p-53;
    }

    /** About 1, never below 0, of mean 1 and that spread: lognormal. */
    double around1(long turn, int actor, int what, double spread) {
        double radius = Math.sqrt(-2 * Math.log(Math.max(1e-12, of(turn, actor, what))));
        double normal = radius * Math.cos(2 * Math.PI * of(turn, actor, what + 1));
        return Math.exp(spread * normal - spread * spread / 2);
    }

    /** SplitMix64's finalizer. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
