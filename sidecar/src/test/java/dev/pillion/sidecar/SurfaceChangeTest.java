package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Simulator;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tool loop whose client changes the surface between the call and its result, and puts each seal
 * where the other surface has a field for it: the vendor gets the same state back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurfaceChangeTest {
    private static final String TASK = "call get_weather for the city of Oslo";
    private static final Set<String> SEALS =
            Set.of("signature", "encrypted_content", "thoughtSignature", "data");

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertEquals(List.of(), bed.diagnostics);
    }

    /** What the model thought and called, and the seals in the surface's own fields. */
    private record Turn(List<Thought> thoughts, List<Call> calls) {}

    private record Thought(String text, String seal) {}

    private record Call(String id, String name, String arguments, String seal) {}

    static Stream<Arguments> changes() {
        List<Arguments> all = new ArrayList<>();
        for (String model :
                List.of("anthropic/claude-sonnet-5-5", "openai/gpt-6.1-terra", "xai/grok-4.6")) {
            for (String from : List.of("generate", "messages", "responses")) {
                for (String to : List.of("generate", "messages", "responses", "gemini")) {
                    // What Anthropic says to its own clients is not sealed anew for others.
                    boolean raw = model.startsWith("anthropic") && from.equals("messages");
                    if (!from.equals(to) && !raw) {
                        all.add(Arguments.of(model, from, to));
                    }
                }
            }
        }
        all.add(Arguments.of("gemini/gemini-4-hydrogen", "generate", "gemini"));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {1} to {2}")
    @MethodSource("changes")
    @DisplayName("F28 F29: a tool loop that changes its surface keeps the vendor's seals")
    void aToolLoopThatChangesItsSurfaceKeepsTheVendorsSeals(String model, String from, String to)
            throws Exception {
        Turn turn = read(from, send(from, question(from, model, null), model));
        assertFalse(turn.calls().isEmpty(), turn.toString());
        send(from, question(from, model, turn), model);
        Set<String> same = sealsSent(model);
        assertFalse(same.isEmpty(), turn.toString());
        send(to, question(to, model, turn), model);
        assertEquals(same, sealsSent(model));
    }

    private JsonNode send(String surface, ObjectNode body, String model) throws Exception {
        String path =
                surface.equals("gemini")
                        ? "/v1beta/models/" + model.replace("/", "%2F") + ":generateContent"
                        : "/v1/" + surface;
        HttpResponse<String> answer =
                bed.post(path, Json.text(body), "x-pillion-passthrough", "never");
        assertEquals(200, answer.statusCode(), answer.body());
        return TestSidecar.json(answer);
    }

    private Set<String> sealsSent(String model) throws Exception {
        Simulator vendor =
                switch (model.substring(0, model.indexOf('/'))) {
                    case "anthropic" -> bed.anthropic;
                    case "openai" -> bed.openai;
                    case "gemini" -> bed.gemini;
                    default -> bed.xai;
                };
        Set<String> seals = new TreeSet<>();
        collect(Json.read(Objects.requireNonNull(vendor.log().last()).body()), seals);
        return seals;
    }

    private static void collect(JsonNode node, Set<String> seals) {
        for (var field : node.properties()) {
            if (SEALS.contains(field.getKey()) && field.getValue().isTextual()) {
                seals.add(field.getValue().textValue());
            }
        }
        node.forEach(each -> collect(each, seals));
    }

    private static Turn read(String surface, JsonNode answer) {
        var turn = new Turn(new ArrayList<>(), new ArrayList<>());
        for (JsonNode part : answer.path(surface.equals("responses") ? "output" : "content")) {
            switch (part.path("type").asText()) {
                case "thinking" ->
                        turn.thoughts()
                                .add(
                                        new Thought(
                                                part.path("text").asText()
                                                        + part.path("thinking").asText(),
                                                part.path("seal").asText()
                                                        + part.path("signature").asText()));
                case "reasoning" ->
                        turn.thoughts()
                                .add(
                                        new Thought(
                                                part.at("/summary/0/text").asText(),
                                                part.path("encrypted_content").asText()));
                case "tool_call", "tool_use", "function_call" -> turn.calls().add(call(part));
                default -> {}
            }
        }
        return turn;
    }

    private static Call call(JsonNode part) {
        JsonNode arguments = part.has("input") ? part.get("input") : part.get("arguments");
        return new Call(
                part.has("call_id") ? part.get("call_id").asText() : part.path("id").asText(),
                part.path("name").asText(),
                arguments.isTextual() ? arguments.textValue() : Json.text(arguments),
                part.path("seal").asText());
    }

    private static ObjectNode question(String surface, String model, Turn turn) throws Exception {
        return switch (surface) {
            case "generate" -> generate(model, turn);
            case "messages" -> messages(model, turn);
            case "responses" -> responses(model, turn);
            default -> gemini(turn);
        };
    }

    private static ObjectNode schema() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject("city").put("type", "string");
        schema.putArray("required").add("city");
        return schema;
    }

    private static ObjectNode generate(String model, Turn turn) throws Exception {
        ObjectNode body = Json.object().put("model", model);
        body.putObject("thinking").put("effort", "medium");
        body.putArray("tools")
                .addObject()
                .put("name", "get_weather")
                .put("description", "weather")
                .set("parameters", schema());
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "user").put("content", TASK);
        if (turn == null) {
            return body;
        }
        ArrayNode said = messages.addObject().put("role", "assistant").putArray("content");
        for (Thought each : turn.thoughts()) {
            sealed(said.addObject().put("type", "thinking").put("text", each.text()), each.seal());
        }
        ArrayNode results = Json.nodes().arrayNode();
        for (Call each : turn.calls()) {
            ObjectNode call =
                    said.addObject()
                            .put("type", "tool_call")
                            .put("id", each.id())
                            .put("name", each.name());
            call.set("arguments", Json.read(each.arguments()));
            sealed(call, each.seal());
            results.addObject()
                    .put("type", "tool_result")
                    .put("tool_call_id", each.id())
                    .put("content", "4 degrees");
        }
        messages.addObject().put("role", "tool").set("content", results);
        return body;
    }

    private static void sealed(ObjectNode part, String seal) {
        if (!seal.isEmpty()) {
            part.put("seal", seal);
        }
    }

    private static ObjectNode messages(String model, Turn turn) throws Exception {
        ObjectNode body = Json.object().put("model", model).put("max_tokens", 4_000);
        body.putObject("thinking").put("type", "adaptive");
        body.putArray("tools")
                .addObject()
                .put("name", "get_weather")
                .put("description", "weather")
                .set("input_schema", schema());
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "user").put("content", TASK);
        if (turn == null) {
            return body;
        }
        ArrayNode said = messages.addObject().put("role", "assistant").putArray("content");
        for (Thought each : turn.thoughts()) {
            said.addObject()
                    .put("type", "thinking")
                    .put("thinking", each.text())
                    .put("signature", each.seal());
        }
        ArrayNode results = Json.nodes().arrayNode();
        for (Call each : turn.calls()) {
            said.addObject()
                    .put("type", "tool_use")
                    .put("id", each.id())
                    .put("name", each.name())
                    .set("input", Json.read(each.arguments()));
            results.addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", each.id())
                    .put("content", "4 degrees");
        }
        messages.addObject().put("role", "user").set("content", results);
        return body;
    }

    private static ObjectNode responses(String model, Turn turn) {
        ObjectNode body = Json.object().put("model", model).put("store", false);
        body.putObject("reasoning").put("effort", "medium").put("summary", "auto");
        body.putArray("tools")
                .addObject()
                .put("type", "function")
                .put("name", "get_weather")
                .put("description", "weather")
                .set("parameters", schema());
        ArrayNode input = body.putArray("input");
        input.addObject().put("role", "user").put("content", TASK);
        if (turn == null) {
            return body;
        }
        for (Thought each : turn.thoughts()) {
            ObjectNode item = input.addObject().put("type", "reasoning");
            ArrayNode summary = item.putArray("summary");
            if (!each.text().isEmpty()) {
                summary.addObject().put("type", "summary_text").put("text", each.text());
            }
            item.put("encrypted_content", each.seal());
        }
        for (Call each : turn.calls()) {
            input.addObject()
                    .put("type", "function_call")
                    .put("call_id", each.id())
                    .put("name", each.name())
                    .put("arguments", each.arguments());
        }
        for (Call each : turn.calls()) {
            input.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", each.id())
                    .put("output", "4 degrees");
        }
        return body;
    }

    /** The field holds bytes. */
    private static String bytes(String seal) {
        return Base64.getEncoder().encodeToString(seal.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode gemini(Turn turn) throws Exception {
        ObjectNode body = Json.object();
        body.putObject("generationConfig")
                .putObject("thinkingConfig")
                .put("includeThoughts", true)
                .put("thinkingLevel", "MEDIUM");
        body.putArray("tools")
                .addObject()
                .putArray("functionDeclarations")
                .addObject()
                .put("name", "get_weather")
                .put("description", "weather")
                .set("parametersJsonSchema", schema());
        ArrayNode contents = body.putArray("contents");
        contents.addObject().put("role", "user").putArray("parts").addObject().put("text", TASK);
        ArrayNode said = contents.addObject().put("role", "model").putArray("parts");
        for (Thought each : turn.thoughts()) {
            ObjectNode part = said.addObject().put("text", each.text()).put("thought", true);
            if (!each.seal().isEmpty()) {
                part.put("thoughtSignature", bytes(each.seal()));
            }
        }
        ArrayNode results = Json.nodes().arrayNode();
        for (Call each : turn.calls()) {
            ObjectNode part = said.addObject();
            part.putObject("functionCall")
                    .put("id", each.id())
                    .put("name", each.name())
                    .set("args", Json.read(each.arguments()));
            if (!each.seal().isEmpty()) {
                part.put("thoughtSignature", bytes(each.seal()));
            }
            results.addObject()
                    .putObject("functionResponse")
                    .put("id", each.id())
                    .put("name", each.name())
                    .putObject("response")
                    .put("output", "4 degrees");
        }
        contents.addObject().put("role", "user").set("parts", results);
        return body;
    }
}
