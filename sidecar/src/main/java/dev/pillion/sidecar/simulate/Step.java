package dev.pillion.sidecar.simulate;

/** One thing to do on the connection while answering. */
sealed interface Step {
    /** These bytes; {@code flush}: at once, as a write of their own. */
    final class Send implements Step {
        private final byte[] bytes;
        private final boolean flush;

        Send(byte[] bytes, boolean flush) {
            this.bytes = bytes;
            this.flush = flush;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean flush() {
            return flush;
        }
    }

    record Pause(long millis) implements Step {}

    /** Do nothing, for ever. */
    record Hang() implements Step {}

    record Close() implements Step {}

    record Reset() implements Step {}

    /** The answer is complete. */
    record Done(boolean keepAlive) implements Step {}
}
