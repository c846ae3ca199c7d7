package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DrainTest {
    @Test
    void aDrainLetsTheStreamUnderWayFinish() throws Exception {
        try (TestSidecar bed = TestSidecar.start()) {
            bed.anthropic.faults().always(new Misbehaviour.Slow(20));
            CompletableFuture<HttpResponse<String>> stream =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return bed.post(
                                    "/v1/generate",
                                    "{\"model\":\"anthropic/claude-sonnet-5-5\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
            assertTrue(
                    bed.anthropic
                            .log()
                            .await(Duration.ofSeconds(10), log -> log.requestCount() == 1));
            bed.sidecar.drain();
            assertFalse(Files.exists(bed.directory.resolve("p.sock")), "the socket file is gone");
            assertEquals(0, bed.sidecar.inflight());
            Folded folded = Folded.of(stream.get().body());
            assertEquals("done", folded.events().getLast());
            assertEquals(503, bed.get(bed.probe("/readyz")).statusCode());
        }
    }
}
