package dev.pillion.sidecar.upstream;

/**
 * The event loop that an exchange lives on from accept to last byte: the seam to Netty's, and to
 * one whose time is turned by hand. All callbacks of an exchange run on it, one at a time; nothing
 * on it may block.
 */
public interface Loop {

    /** A clock that only rises, in nanoseconds. */
    long nanos();

    /** Runs the task on this loop after the delay. */
    Timer after(long delayNanos, Runnable task);

    /** Runs the task on this loop soon; may be called from any thread. */
    void execute(Runnable task);

    /** A task that is to run. */
    interface Timer {
        /** Makes sure it does not run any more; without effect when it has. */
        void cancel();
    }
}
