package dev.pillion.sidecar.health;

import org.jspecify.annotations.Nullable;

/**
 * One call to a target, as its health sees it. Whoever begins one says how it ended, exactly once:
 * {@link #succeeded}, {@link #failed}, {@link #overtaken} or {@link #cancelled}. Of its calls after
 * the end none has any effect.
 */
public final class Trial {
    private final TargetHealth of;
    private final @Nullable Trial atProvider;
    final boolean streamed;
    final long inputTokens;
    final long beganNanos;

    /** Whether it is to see if a target that was left out is well again. */
    boolean probe;

    @Nullable Trial before;
    @Nullable Trial after;
    boolean waiting;

    /** Whether it was counted as a failure because it hangs. */
    boolean hung;

    long contentNanos;
    boolean over;

    /**
     * @param atProvider the same call as the whole provider's health sees it; null: this is that
     */
    Trial(
            TargetHealth of,
            @Nullable Trial atProvider,
            boolean streamed,
            long inputTokens,
            long beganNanos,
            boolean probe) {
        this.of = of;
        this.atProvider = atProvider;
        this.streamed = streamed;
        this.inputTokens = inputTokens;
        this.beganNanos = beganNanos;
        this.probe = probe;
    }

    /** The first content has come; of an answer that is not streamed, all of it. */
    public void content() {
        of.content(this);
        if (atProvider != null) {
            atProvider.content();
        }
    }

    /** After this time without content it is worth asking whether it {@link #hangs}. */
    public long patienceNanos() {
        return of.patienceNanos(this);
    }

    /** Whether nothing has come for far longer than is usual, and nothing says that it will. */
    public boolean hangs() {
        return of.hangs(this);
    }

    /** The answer is whole; {@code outputTokens} 0: not known. */
    public void succeeded(long outputTokens) {
        of.succeeded(this, outputTokens);
        if (atProvider != null) {
            atProvider.succeeded(outputTokens);
        }
    }

    /** The target failed: it or the way to it is ill. */
    public void failed() {
        of.failed(this);
        if (atProvider != null) {
            atProvider.failed();
        }
    }

    /** The wait that 95 of 100 of the target's such calls stay under; 0: not known. */
    public long p95Nanos() {
        return of.p95Nanos(streamed);
    }

    /** Another target was faster: nobody knows how long this one would have taken in the end. */
    public void overtaken() {
        of.overtaken(this);
        if (atProvider != null) {
            atProvider.overtaken();
        }
    }

    /** It ended for a reason that tells nothing of the target. */
    public void cancelled() {
        of.cancelled(this);
        if (atProvider != null) {
            atProvider.cancelled();
        }
    }
}
