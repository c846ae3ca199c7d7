package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Recorded exchanges of Chat Completions, from the corpus where there is one. */
record Recorded(String id, JsonNode request, int status, JsonNode answer, String answerText) {
    static List<Recorded> of(String provider) {
        List<Recorded> all = new ArrayList<>();
        try (var lines = Files.lines(file(provider))) {
            lines.forEach(line -> {
                JsonNode exchange = parse(line);
                if (exchange.path("endpoint").asText().equals("chat.completions")) {
                    all.add(of(exchange));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Recorded of(JsonNode exchange) {
        JsonNode response = exchange.path("response");
        return new Recorded(
                exchange.path("id").asText(),
                exchange.path("request").path("body"),
                response.path("status").asInt(),
                response.path("body"),
                response.path("body_text").asText(""));
    }

    private static Path file(String provider) {
        String home = System.getProperty("pillion.shared", System.getenv("PILLION_SHARED"));
        Path shared = home == null ? Path.of("..", "..", "shared") : Path.of(home);
        Path file = shared.resolve("corpus").resolve(provider + ".jsonl");
        Assumptions.assumeTrue(Files.exists(file), "no corpus of recorded exchanges here");
        return file;
    }

    static JsonNode parse(String json) {
        try {
            return Json.read(json);
        } catch (MalformedJson e) {
            throw new IllegalArgumentException(e);
        }
    }

    boolean streamed() {
        return !answerText.isEmpty();
    }

    byte[] answerBytes() {
        return streamed() ? answerText.getBytes(StandardCharsets.UTF_8) : Json.bytes(answer);
    }
}
