package dev.pillion.sidecar.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated vendor is to do wrong, and how often. Of what is armed, a request gets the
 * first misbehaviour that applies, and every {@link Misbehaviour.Shaping}. Safe for all threads.
 */
public final class FaultSwitch {
    private static final int MAX_ARMED = 1_000;

    private final List<Armed> armed = new ArrayList<>();
    private final Random random = new Random(20261121);
    private final Consumer<Boolean> listening;

    FaultSwitch(Consumer<Boolean> listening) {
        this.listening = listening;
    }

    /** Something that is to go wrong. */
    private static final class Armed {
        private final Misbehaviour what;
        private final double probability;
        private final String path;
        private int left;

        private Armed(Misbehaviour what, int count, double probability, String path) {
            this.what = what;
            this.left = count;
            this.probability = probability;
            this.path = path;
        }
    }

    /** What one request has to suffer. */
    record Picked(@Nullable Misbehaviour main, List<Misbehaviour.Shaping> shaping) {
        static final Picked NOTHING = new Picked(null, List.of());
    }

    /** The next request suffers it. */
    public void next(Misbehaviour what) {
        arm(what, 1, 1, "");
    }

    /** Every request suffers it, until {@link #clear}. */
    public void always(Misbehaviour what) {
        arm(what, Integer.MAX_VALUE, 1, "");
    }

    /**
     * Some requests suffer it.
     *
     * @param count how many requests suffer it
     * @param probability for each request, 0 to 1
     * @param path only requests whose path begins so; empty: all
     */
    public synchronized void arm(Misbehaviour what, int count, double probability, String path) {
        if (armed.size() >= MAX_ARMED) {
            throw new IllegalStateException("more than " + MAX_ARMED + " faults armed");
        }
        armed.add(new Armed(what, count, probability, path));
    }

    /** Nothing goes wrong any more, and connections are accepted. */
    public void clear() {
        synchronized (this) {
            armed.clear();
        }
        accept();
    }

    /** Closes the listener, so that connecting is refused; what is open is closed too. */
    public void refuse() {
        listening.accept(false);
    }

    /** The same, and accepts again after a while. */
    public void refuseFor(Duration time) {
        refuse();
        Thread.ofVirtual().start(() -> after(time, this::accept));
    }

    /** The same after a delay, for a caller whose own connection would be closed by it. */
    void refuseSoon(Duration delay, Duration time) {
        Thread.ofVirtual().start(() -> after(delay, () -> refuseFor(time)));
    }

    private static void after(Duration time, Runnable then) {
        try {
            Thread.sleep(time);
            then.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Accepts connections again, on the same port. */
    public void accept() {
        listening.accept(true);
    }

    synchronized Picked pick(String path) {
        if (armed.isEmpty()) {
            return Picked.NOTHING;
        }
        Misbehaviour main = null;
        var shaping = new ArrayList<Misbehaviour.Shaping>();
        for (var fault : armed) {
            boolean taken = main != null && !(fault.what instanceof Misbehaviour.Shaping);
            if (taken || !path.startsWith(fault.path) || random.nextDouble() >= fault.probability) {
                continue;
            }
            fault.left -= fault.left == Integer.MAX_VALUE ? 0 : 1;
            if (fault.what instanceof Misbehaviour.Shaping shape) {
                shaping.add(shape);
            } else {
                main = fault.what;
            }
        }
        armed.removeIf(fault -> fault.left <= 0);
        return new Picked(main, shaping);
    }
}
