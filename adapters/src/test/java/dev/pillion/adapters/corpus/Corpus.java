package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Reads recorded exchanges (JSON lines) from a folder outside the repository: the system property
 * or environment variable {@code PILLION_SHARED}, else {@code shared} beside the checkout. Without
 * it the tests that ask are skipped. Has its own JSON mapper, so that it shares nothing with what
 * it judges.
 */
public final class Corpus {
    static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxStringLength(64 << 20).build());
    }

    private Corpus() {}

    /** All exchanges of a file such as {@code anthropic.jsonl} with that endpoint. */
    public static List<Recording> read(String file, String endpoint) {
        Path path = folder().resolve("corpus").resolve(file);
        Assumptions.assumeTrue(Files.isReadable(path), "no recordings here: " + file);
        List<Recording> recordings = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Recording recording = recording(JSON.readTree(line));
                if (recording.endpoint().equals(endpoint)) {
                    recordings.add(recording);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return recordings;
    }

    private static Path folder() {
        String named = System.getProperty("PILLION_SHARED", System.getenv("PILLION_SHARED"));
        return named == null ? Path.of("../../shared") : Path.of(named);
    }

    private static Recording recording(JsonNode node) {
        JsonNode request = node.path("request");
        JsonNode response = node.path("response");
        List<String> tags = new ArrayList<>();
        node.path("tags").forEach(tag -> tags.add(tag.asText()));
        return new Recording(
                node.path("id").asText(),
                node.path("provider").asText(),
                node.path("endpoint").asText(),
                node.path("path").asText(),
                headers(request.path("headers")),
                request.hasNonNull("body") ? request.path("body") : null,
                response.path("status").asInt(),
                headers(response.path("headers")),
                response.hasNonNull("body") ? response.path("body") : null,
                response.hasNonNull("body_text") ? response.path("body_text").asText() : null,
                tags);
    }

    private static Map<String, String> headers(JsonNode node) {
        Map<String, String> headers = new LinkedHashMap<>();
        node.properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
        return headers;
    }

    /** The tree of a JSON text. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(byte[] utf8) {
        try {
            return JSON.readTree(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
