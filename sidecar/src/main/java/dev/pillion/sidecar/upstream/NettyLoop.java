package dev.pillion.sidecar.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Netty's event loop as a {@link Loop}; one instance per event loop. */
public final class NettyLoop implements Loop {
    private static final Map<EventLoop, NettyLoop> ALL = new ConcurrentHashMap<>();

    private final EventLoop eventLoop;

    private NettyLoop(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    public static NettyLoop of(EventLoop eventLoop) {
        NettyLoop known = ALL.get(eventLoop);
        return known != null ? known : ALL.computeIfAbsent(eventLoop, NettyLoop::tracked);
    }

    /** Forgets itself when its event loop ends, so that tests may start thousands. */
    private static NettyLoop tracked(EventLoop eventLoop) {
        var _ = eventLoop.terminationFuture().addListener(_ -> ALL.remove(eventLoop));
        return new NettyLoop(eventLoop);
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(long delayNanos, Runnable task) {
        Future<?> scheduled =
                eventLoop.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(() -> guarded(task));
    }

    /** Netty would keep a timer's exception to itself; a defect must be heard of. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable defect) { // whatever it is, the loop serves others too
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, defect);
        }
    }
}
