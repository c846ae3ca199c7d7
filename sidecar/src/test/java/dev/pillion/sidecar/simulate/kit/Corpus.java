package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Recorded exchanges with the real vendors, where they are at hand; tests are skipped elsewhere.
 */
public final class Corpus {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Corpus() {}

    /** One recorded exchange; {@code status} is what the vendor answered. */
    public record Exchange(
            String id,
            String endpoint,
            String path,
            String query,
            JsonNode request,
            int status,
            JsonNode response) {
        public JsonNode body() {
            return request.path("body");
        }

        /** The request as it was sent, with another body. */
        public Ask ask(JsonNode body) {
            var headers = new HashMap<String, String>();
            for (var entry : request.path("headers").properties()) {
                headers.put(entry.getKey(), entry.getValue().asText());
            }
            headers.remove("content-length");
            var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            return new Ask("POST", path, query, Map.copyOf(headers), bytes, 0);
        }

        public Ask ask() {
            return ask(body());
        }

        /**
         * The items of a response's output, streamed or not.
         *
         * @throws IOException if the last event of a stream is not JSON
         */
        public List<JsonNode> output() throws IOException {
            var answer = response.path("body");
            for (var line : response.path("body_text").asText().lines().toList()) {
                if (line.startsWith("data: {")
                        && line.contains("\"type\":\"response.completed\"")) {
                    answer = MAPPER.readTree(line.substring("data: ".length())).path("response");
                }
            }
            var items = new ArrayList<JsonNode>();
            answer.path("output").forEach(items::add);
            return items;
        }

        /**
         * The request that goes on after the answer: what was said, results of all calls, and a
         * word of the user's.
         *
         * @throws IOException as {@link #output}
         */
        public ObjectNode continued() throws IOException {
            ObjectNode body = body().deepCopy();
            var input = MAPPER.createArrayNode();
            if (body.path("input").isTextual()) {
                input.addObject().put("role", "user").set("content", body.get("input"));
            } else {
                body.path("input").forEach(input::add);
            }
            for (var item : output()) {
                input.add(item);
            }
            for (var item : output()) {
                var type = item.path("type").asText();
                if (type.equals("function_call") || type.equals("custom_tool_call")) {
                    input.addObject()
                            .put("type", type + "_output")
                            .put("call_id", item.path("call_id").asText())
                            .put("output", "done");
                }
            }
            input.addObject().put("role", "user").put("content", "Go on.");
            return body.set("input", input);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** All exchanges of a vendor's file; aborts the test where there is none. */
    public static List<Exchange> of(String vendor) {
        var shared = System.getProperty("PILLION_SHARED", System.getenv("PILLION_SHARED"));
        var folder = Path.of(shared == null ? "../../shared" : shared, "corpus");
        var file = folder.resolve(vendor + ".jsonl");
        Assumptions.assumeTrue(Files.isReadable(file), "no recordings at hand");
        try (var lines = Files.lines(file)) {
            return lines.map(Corpus::exchange).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of one endpoint. */
    public static List<Exchange> of(String vendor, String endpoint) {
        return of(vendor).stream().filter(e -> e.endpoint().equals(endpoint)).toList();
    }

    private static Exchange exchange(String line) {
        try {
            var json = MAPPER.readTree(line);
            var path = json.path("path").asText();
            int mark = path.indexOf('?');
            return new Exchange(
                    json.path("id").asText(),
                    json.path("endpoint").asText(),
                    mark < 0 ? path : path.substring(0, mark),
                    mark < 0 ? "" : path.substring(mark + 1),
                    json.path("request"),
                    json.path("response").path("status").asInt(),
                    json.path("response"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
