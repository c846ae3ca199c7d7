package dev.pillion.sidecar.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.telemetry.Diagnostics;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A listener that can't accept pauses, and goes on. */
class AcceptErrorsTest {
    @Test
    @DisplayName("F1 without file descriptors a listener pauses, says so once, and goes on")
    void itPausesAndGoesOn() {
        List<String> lines = new ArrayList<>();
        EmbeddedChannel listener = new EmbeddedChannel();
        listener.freezeTime();
        listener.pipeline().addLast(new AcceptErrors(Diagnostics.lines(lines::add)));
        for (int i = 0; i < 3; i++) {
            listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            assertFalse(listener.config().isAutoRead());
            assertTrue(listener.isActive());
            listener.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            listener.runScheduledPendingTasks();
            assertTrue(listener.config().isAutoRead());
        }
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("Too many open files"));
        listener.finishAndReleaseAll();
    }
}
