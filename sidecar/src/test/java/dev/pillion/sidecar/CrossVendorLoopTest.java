package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.SeenRequest;
import dev.pillion.sidecar.simulate.Simulator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A tool loop whose vendor dies between the call and its result: the history, sealed by the one,
 * goes to the other, and later back. The vendors check every seal that they made themselves.
 */
class CrossVendorLoopTest {
    private static final Map<String, String> MODELS =
            Map.of(
                    "anthropic", "anthropic/claude-sonnet-5-5",
                    "openai", "openai/gpt-6.1-terra",
                    "gemini", "gemini/gemini-4-hydrogen",
                    "xai", "xai/grok-4.6");
    private static final Map<String, String> KEYS =
            Map.of(
                    "anthropic",
                    "canary-key-a",
                    "openai",
                    "canary-key-o",
                    "gemini",
                    "canary-key-g",
                    "xai",
                    "canary-key-x");

    /** Headers that only this vendor is sent. */
    private static final Map<String, List<String>> HEADERS =
            Map.of(
                    "anthropic", List.of("x-api-key", "anthropic-version", "anthropic-beta"),
                    "openai", List.of("openai-organization", "openai-project"),
                    "gemini", List.of("x-goog-api-key", "x-goog-api-client"),
                    "xai", List.of("x-grok-conv-id"));

    private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9+/=_-]{32,}");
    private static final Set<String> ID_FIELDS =
            Set.of("id", "call_id", "tool_use_id", "tool_call_id");

    static Stream<Arguments> pairs() {
        var pairs = new ArrayList<Arguments>();
        for (var first : MODELS.keySet().stream().sorted().toList()) {
            for (var second : MODELS.keySet().stream().sorted().toList()) {
                if (!first.equals(second)) {
                    pairs.add(Arguments.of(first, second, false));
                    pairs.add(Arguments.of(first, second, true));
                }
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "{0} to {1}, streamed {2}")
    @MethodSource("pairs")
    @DisplayName("F20 F21 a tool loop crosses vendors, and nothing of the first reaches the second")
    void aLoopInFlightGoesOnAtAnotherVendor(String first, String second, boolean stream)
            throws Exception {
        var config =
                TestSidecar.FOUR
                        + "aliases:\n  loop: [%s, %s]\n"
                                .formatted(MODELS.get(first), MODELS.get(second));
        try (var bed = TestSidecar.start(config)) {
            var request = question(stream);
            var called = send(bed, request, MODELS.get(first));
            assertEquals(first, called.at("/route/provider").asText(), called.toString());
            assertEquals("tool_call", called.path("stop").asText(), called.toString());
            assertTrue(called.path("content").findValue("seal") != null, "not sealed: " + called);
            answerCalls(request, called.path("content"));

            vendor(bed, first).faults().arm(new Misbehaviour.Status(503), 10, 1, "");
            var answered = send(bed, request, "loop");
            assertEquals(second, answered.at("/route/provider").asText(), answered.toString());
            assertTrue(answered.at("/route/attempts").size() >= 2, answered.toString());
            assertTrue(text(answered).contains("4 °C in Oslo"), answered.toString());
            var kept = nothingLeaks(bed, first, second, called);
            assertFalse(kept.isEmpty(), first + " was sent nothing of its own");

            vendor(bed, first).faults().clear();
            var messages = (ArrayNode) request.get("messages");
            messages.addObject().put("role", "assistant").set("content", answered.get("content"));
            messages.addObject().put("role", "user").put("content", "Thank you.");
            for (var vendor : List.of(second, first)) {
                var back = send(bed, request, MODELS.get(vendor));
                assertEquals(vendor, back.at("/route/provider").asText(), back.toString());
                assertEquals("end", back.path("stop").asText(), back.toString());
            }
            nothingLeaks(bed, first, second, called);
            nothingLeaks(bed, second, first, called);
        }
    }

    private static ObjectNode question(boolean stream) {
        ObjectNode request = Json.object().put("stream", stream);
        request.putObject("thinking").put("effort", "medium");
        request.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "call get_weather for both Oslo and Rome");
        var tool = request.putArray("tools").addObject().put("name", "get_weather");
        tool.put("description", "The weather of a city");
        var parameters = tool.putObject("parameters").put("type", "object");
        parameters.putObject("properties").putObject("city").put("type", "string");
        parameters.putArray("required").add("city");
        return request;
    }

    private static void answerCalls(ObjectNode request, JsonNode content) {
        var messages = (ArrayNode) request.get("messages");
        messages.addObject().put("role", "assistant").set("content", content);
        var results = messages.addObject().put("role", "tool").putArray("content");
        for (var part : content) {
            if (part.path("type").asText().equals("tool_call")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_call_id", part.path("id").asText())
                        .put("content", "4 °C in " + part.at("/arguments/city").asText());
            }
        }
        assertEquals(2, results.size());
    }

    private static JsonNode send(TestSidecar bed, ObjectNode request, String model)
            throws Exception {
        var answer = bed.post("/v1/generate", request.deepCopy().put("model", model).toString());
        assertEquals(200, answer.statusCode(), answer.body());
        if (!request.path("stream").asBoolean()) {
            return TestSidecar.json(answer);
        }
        var folded = Folded.of(answer.body());
        ObjectNode whole = folded.last().deepCopy();
        whole.set("content", folded.asWhole());
        return whole;
    }

    private static String text(JsonNode answer) {
        var text = new StringBuilder();
        answer.path("content").forEach(part -> text.append(part.path("text").asText()));
        return text.toString();
    }

    private static Simulator vendor(TestSidecar bed, String name) {
        return switch (name) {
            case "anthropic" -> bed.anthropic;
            case "openai" -> bed.openai;
            case "gemini" -> bed.gemini;
            default -> bed.xai;
        };
    }

    /**
     * What the one vendor was sent last, of its own seals and ids, against what the other was. Ids
     * of calls are the caller's to match results by, and go to both.
     *
     * @return what the one was sent of its own
     */
    private static Set<String> nothingLeaks(
            TestSidecar bed, String from, String to, JsonNode called) throws Exception {
        SeenRequest own = last(bed, from);
        SeenRequest other = last(bed, to);
        var its = new HashSet<String>();
        visit(Json.read(own.body()), (name, value) -> itsOwn(name, value, its));
        called.path("content").forEach(part -> its.remove(part.path("id").asText()));
        for (var mark : its) {
            assertFalse(other.body().contains(mark), from + "'s " + mark + " reached " + to);
        }
        assertFalse(other.body().contains("pillion:"), "our own seals reached " + to);
        assertFalse(other.body().contains("canary-key"), "a key stands in the body");
        for (var header : HEADERS.get(from)) {
            assertTrue(other.header(header).isEmpty() || HEADERS.get(to).contains(header), header);
        }
        for (var header : List.of("authorization", "x-api-key", "x-goog-api-key")) {
            assertFalse(other.header(header).contains(KEYS.get(from)), header);
        }
        return its;
    }

    private static SeenRequest last(TestSidecar bed, String vendor) {
        var seen = vendor(bed, vendor).log().last();
        assertTrue(seen != null, "nothing reached " + vendor);
        return seen;
    }

    private static void itsOwn(String name, String value, Set<String> into) {
        if (ID_FIELDS.contains(name)) {
            into.add(value);
            return;
        }
        var matcher = OPAQUE.matcher(value);
        while (matcher.find()) {
            into.add(matcher.group());
        }
    }

    private static void visit(JsonNode node, BiConsumer<String, String> each) {
        for (var entry : node.properties()) {
            if (entry.getValue().isTextual()) {
                each.accept(entry.getKey(), entry.getValue().textValue());
            }
            visit(entry.getValue(), each);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            visit(node.get(i), each);
        }
    }
}
