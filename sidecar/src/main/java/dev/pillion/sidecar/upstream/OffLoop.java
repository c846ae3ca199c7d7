package dev.pillion.sidecar.upstream;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that reads files to come about: made once, on first need, on a thread that may wait.
 */
final class OffLoop<T> {
    private final Callable<T> maker;
    private @Nullable CompletableFuture<T> made;

    OffLoop(Callable<T> maker) {
        this.maker = maker;
    }

    /** Hands it, or why there is none, to the consumer on the loop; now if it is there. */
    void get(Loop loop, BiConsumer<@Nullable T, @Nullable Throwable> consumer) {
        CompletableFuture<T> future = start();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            consumer.accept(future.join(), null);
            return;
        }
        var _ =
                future.whenComplete(
                        (value, error) -> loop.execute(() -> consumer.accept(value, error)));
    }

    /** Hands it to the consumer, when it has been or is being made: the time to free it. */
    synchronized void discard(Consumer<T> consumer) {
        if (made != null) {
            var _ = made.thenAccept(consumer);
        }
    }

    /** Begins to make it, if nobody has. */
    void begin() {
        var _ = start();
    }

    private synchronized CompletableFuture<T> start() {
        CompletableFuture<T> future = made;
        if (future == null) {
            future = new CompletableFuture<>();
            made = future;
            CompletableFuture<T> promise = future;
            Thread.ofVirtual().name("pillion-upstream-init").start(() -> make(promise));
        }
        return future;
    }

    private void make(CompletableFuture<T> promise) {
        try {
            promise.complete(maker.call());
        } catch (Exception | LinkageError e) {
            promise.completeExceptionally(e);
        }
    }

    /** The error itself, without the wrappers of futures. */
    static Throwable unwrapped(@Nullable Throwable error) {
        if (error == null) {
            return new IllegalStateException("nothing was made");
        }
        return error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
    }
}
