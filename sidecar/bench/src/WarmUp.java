package dev.pillion.bench;

import java.io.IOException;

/** Load that is not counted, until the JIT compiler has done its work. */
final class WarmUp {
    private static final int LOOK_MILLIS = 2000;
    private static final int LONGEST = 4;
    private static final double JIT_SHARE = 0.05;

    private WarmUp() {}

    /**
     * Waits for {@code seconds}, and then until the compiler takes less than 5 % of the tree's CPU;
     * at most four times {@code seconds} in all.
     */
    static void await(ProcessTree tree, int seconds) throws IOException, InterruptedException {
        Thread.sleep(Math.max(0, seconds * 1000L - LOOK_MILLIS));
        long end = System.nanoTime() + seconds * (LONGEST - 1) * 1_000_000_000L;
        while (jitShare(tree) > JIT_SHARE && System.nanoTime() - end < 0) {
            // looked at again: each look takes two seconds
        }
    }

    private static double jitShare(ProcessTree tree) throws IOException, InterruptedException {
        double jit = jitSeconds(tree);
        double all = tree.cpu().total();
        Thread.sleep(LOOK_MILLIS);
        double used = tree.cpu().total() - all;
        return used <= 0 ? 0 : (jitSeconds(tree) - jit) / used;
    }

    /** CPU that the JIT compiler has used so far; 0 where there is none. */
    static double jitSeconds(ProcessTree tree) throws IOException {
        return tree.threads().entrySet().stream()
                .filter(e -> e.getKey().matches("C[12] Compiler.*"))
                .mapToDouble(e -> e.getValue().total())
                .sum();
    }
}
