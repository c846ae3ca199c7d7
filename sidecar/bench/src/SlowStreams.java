package dev.pillion.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * Many streams at once at a vendor's pace: what a server holds and takes meanwhile.
 *
 * @param averageMb resident, looked at ten times a second
 * @param mostMb resident at most
 * @param cores CPU seconds a second
 * @param microsPerEvent CPU a piece of text that arrived
 * @param whole streams that arrived whole; not one was wrong
 */
record SlowStreams(
        double averageMb, double mostMb, double cores, double microsPerEvent, long whole) {
    static final int STREAMS = 200;
    static final int MILLIS_A_TOKEN = 5;

    private static final int SETTLE_MILLIS = 1_000;
    private static final int LOOK_MILLIS = 100;

    /** The upstream has to pace its streams by {@link #MILLIS_A_TOKEN}. */
    static SlowStreams measure(Server server, Slot.Way way, int millis)
            throws IOException, InterruptedException {
        var slot = new Slot(Slot.Size.DRIP, way, Slot.Transport.TCP);
        try (var load = new Load(server.address(slot.transport(), true), slot, STREAMS)) {
            load.start();
            Thread.sleep(SETTLE_MILLIS); // from here on as many end as begin
            long began = System.nanoTime();
            long before = load.completed();
            double cpuBefore = server.tree().cpu().total();
            double most = 0;
            double sum = 0;
            int looks = millis / LOOK_MILLIS;
            for (int i = 0; i < looks; i++) {
                Thread.sleep(LOOK_MILLIS);
                double now = server.tree().memory().residentKb() / 1024.0;
                most = Math.max(most, now);
                sum += now;
            }
            double cpu = server.tree().cpu().total() - cpuBefore;
            double seconds = (System.nanoTime() - began) / 1e9;
            long events = (load.completed() - before) * Payloads.EVENTS;
            load.stop();
            if (load.errors() > 0) {
                throw new IOException("wrong streams: " + load.problems());
            }
            return new SlowStreams(
                    sum / looks, most, cpu / seconds, cpu * 1e6 / events, load.completed());
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f MB on average, %.1f at most; %.0f %% of a core, %.2f us an event; %d streams,"
                        + " all whole",
                averageMb,
                mostMb,
                cores * 100,
                microsPerEvent,
                whole);
    }
}
