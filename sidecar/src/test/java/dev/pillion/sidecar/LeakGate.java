package dev.pillion.sidecar;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the whole test run when Netty reports a single leaked resource.
 *
 * <p>Netty only logs a leak, and only when something is allocated after the collector has found it;
 * so this listens instead of reading logs, and makes both happen once more at the end of the run.
 */
public final class LeakGate implements LauncherSessionListener {

    private static final int COLLECTIONS = 3;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();
    private static final List<ResourceLeakDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ListeningFactory());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        for (int i = 0; i < COLLECTIONS; i++) {
            collect();
            DETECTORS.forEach(LeakGate::report);
        }
        if (!LEAKS.isEmpty()) {
            LEAKS.forEach(System.err::println);
            throw new AssertionError(LEAKS.size() + " leaked Netty resources, see above");
        }
    }

    /** Collects, and waits until a reference made for this purpose came back from the collector. */
    private static void collect() {
        var queue = new ReferenceQueue<Object>();
        var sentinel = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            queue.remove(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(sentinel);
        }
    }

    /** Tracking anything makes a detector report what the collector found. */
    @SuppressWarnings("unchecked")
    private static <T> void report(ResourceLeakDetector<T> detector) {
        var probe = (T) new Object();
        var tracker = detector.track(probe);
        if (tracker != null) {
            tracker.close(probe);
        }
    }

    private static final class ListeningFactory extends ResourceLeakDetectorFactory {

        @Override
        @SuppressWarnings("deprecation") // the only one that is abstract
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return listening(new ResourceLeakDetector<>(resource, samplingInterval));
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval) {
            return listening(new ResourceLeakDetector<>(resource, samplingInterval));
        }

        private static <T> ResourceLeakDetector<T> listening(ResourceLeakDetector<T> detector) {
            detector.setLeakListener((type, records) -> LEAKS.add("LEAK: " + type + records));
            DETECTORS.add(detector);
            return detector;
        }
    }
}
