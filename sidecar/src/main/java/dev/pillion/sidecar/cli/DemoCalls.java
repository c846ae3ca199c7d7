package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The demo's requests through the socket. An answer also has {@code ms}: how long it took. */
final class DemoCalls {
    private static final int MAX_FRAME_BYTES = 1 << 20;

    private final DemoStage stage;

    DemoCalls(DemoStage stage) {
        this.stage = stage;
    }

    ObjectNode send(ObjectNode request) {
        long began = System.nanoTime();
        try (SocketClient.Answer answer = post(request)) {
            ObjectNode body = (ObjectNode) parse(answer.bytes());
            return body.put("ms", millisSince(began));
        }
    }

    /** The whole answer that a stream comes to, and in how many {@code pieces} its text came. */
    ObjectNode stream(ObjectNode request) {
        ObjectNode folded = Json.object();
        var text = new StringBuilder();
        int[] pieces = new int[1];
        long began = System.nanoTime();
        events(
                request,
                event -> {
                    switch (event.path("type").asText()) {
                        case "text" -> {
                            pieces[0]++;
                            text.append(event.path("delta").asText());
                        }
                        case "done", "error" -> folded.setAll((ObjectNode) event);
                        default -> {}
                    }
                });
        ObjectNode part = Json.object().put("type", "text").put("text", text.toString());
        folded.putArray("content").add(part);
        return folded.put("pieces", pieces[0]).put("ms", millisSince(began));
    }

    private SocketClient.Answer post(ObjectNode request) {
        return stage.client()
                .send(
                        "POST",
                        "/v1/generate",
                        Map.of("content-type", "application/json"),
                        Json.bytes(request));
    }

    private void events(ObjectNode request, Consumer<JsonNode> each) {
        var reader = new SseReader(MAX_FRAME_BYTES);
        byte[] piece = new byte[4096];
        try (SocketClient.Answer answer = post(request)) {
            for (int n = answer.body().read(piece); n >= 0; n = answer.body().read(piece)) {
                reader.read(
                        ByteBuffer.wrap(piece, 0, n),
                        frame -> each.accept(parse(frame.data().getBytes(StandardCharsets.UTF_8))));
            }
        } catch (IOException | SseReader.FrameTooLarge e) {
            throw new Exit.Failure(Exit.FAILED, "the stream was cut: " + e.getMessage());
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Json.read(json);
        } catch (MalformedJson e) {
            throw new Exit.Failure(Exit.FAILED, "the answer is not JSON: " + e.getMessage());
        }
    }

    private static long millisSince(long beganNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }
}
